import { smoothstep } from '../faces';
import { blur, resizeGrid, type Grid } from './grid';

/** What is drawn out or squeezed to the first share still shows what it was; to the second, nothing of it. */
const [even, torn] = [0.75, 0.45];
/** How smooth that is, as a share of the side. */
const evenScale = 0.01;

/** How far what is read along a carry still looks like itself, 0..1 a cell: 0 where it is drawn out, squeezed or folded. */
export function evenness(carry: Grid, target: number): Float32Array {
  const [dx, dy] = carry.planes as [Float32Array, Float32Array];
  const last = carry.side - 1;
  const kept = new Float32Array(dx.length);
  for (let y = 0, at = 0; y <= last; y++) {
    for (let x = 0; x <= last; x++, at++) {
      const [left, right] = [x > 0 ? at - 1 : at, x < last ? at + 1 : at];
      const [above, below] = [y > 0 ? at - carry.side : at, y < last ? at + carry.side : at];
      const [gx, gy] = [carry.side / (right - left), carry.side ** 2 / (below - above)];
      const a = 1 + gx * (dx[right]! - dx[left]!);
      const b = gy * (dx[below]! - dx[above]!);
      const c = gx * (dy[right]! - dy[left]!);
      const d = 1 + gy * (dy[below]! - dy[above]!);
      kept[at] = leastRatio(a, b, c, d);
    }
  }
  const share = blur(kept, carry.side, evenScale * carry.side);
  for (let i = 0; i < share.length; i++) share[i] = smoothstep((share[i]! - torn) / (even - torn));
  return resizeGrid({ side: carry.side, planes: [share] }, target).planes[0]!;
}

/** The smaller of a matrix' lesser singular value and the greater one's inverse; 0 where it turns things over. */
function leastRatio(a: number, b: number, c: number, d: number): number {
  const determinant = a * d - b * c;
  if (determinant <= 0) return 0;
  const half = (a * a + b * b + c * c + d * d) / 2;
  const greater = Math.sqrt(half + Math.sqrt(Math.max(0, half * half - determinant * determinant)));
  return Math.min(determinant / greater, 1 / greater);
}

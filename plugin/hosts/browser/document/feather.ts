import { intersectBounds, type Bounds } from '../../../../protocol/geometry';
import { readSelection, type Selection } from './selection';

/**
 * The selection with an edge that fades over about `radius` pixels to either side: a Gaussian of half
 * that, by three running means (Wells 1986). At the canvas's border nothing fades. Always begins from
 * the edge as it was drawn; 0 gives that back.
 */
export function featherSelection(selection: Selection, radius: number, canvas: Bounds): Selection {
  const drawn = selection.feather?.of ?? selection;
  if (radius === 0) return drawn;
  const { left, top, right, bottom } = drawn.bounds;
  const reach = Math.ceil(radius * 1.5);
  const wider = {
    left: left - reach,
    top: top - reach,
    right: right + reach,
    bottom: bottom + reach,
  };
  const bounds = intersectBounds(wider, canvas);
  const mask = readSelection(drawn, bounds);
  const { width, height } = mask;
  const values = Float32Array.from(mask.data);
  // Three means of width w have the variance (w² − 1) / 4.
  const half = Math.max(1, Math.round((Math.sqrt(radius ** 2 + 1) - 1) / 2));
  for (let pass = 0; pass < 3; pass += 1) {
    for (let y = 0; y < height; y += 1) runMean(values, y * width, 1, width, half);
    for (let x = 0; x < width; x += 1) runMean(values, x, width, height, half);
  }
  const data = Uint8Array.from(values, Math.round);
  return { bounds, mask: { width, height, data }, feather: { of: drawn, radius } };
}

/** Each value becomes the mean of those up to `half` away along its line; the line's ends go on beyond it. */
function runMean(
  values: Float32Array,
  start: number,
  step: number,
  length: number,
  half: number,
): void {
  const line = new Float32Array(length);
  for (let i = 0; i < length; i += 1) line[i] = values[start + i * step]!;
  const at = (i: number): number => line[Math.min(length - 1, Math.max(0, i))]!;
  let sum = 0;
  for (let i = -half; i <= half; i += 1) sum += at(i);
  for (let i = 0; i < length; i += 1) {
    values[start + i * step] = sum / (2 * half + 1);
    sum += at(i + half + 1) - at(i - half);
  }
}

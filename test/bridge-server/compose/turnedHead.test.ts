import { carryOf, changeFace, renderFace, silhouetteOf } from '../../../bridge-server/compose';
import { evenness } from '../../../bridge-server/compose/evenness';
import { alignFace, type FacePlanes } from '../../../bridge-server/faces';
import type { Point } from '../../../protocol/geometry';
import { planes } from '../../support/faceLike';
import { composite, paint, square } from '../../support/faces';

/** A painted face, round, whose right cheek is turned away: its outline moves in by as much as its nose moves out. */
const centre = 0.5;
const [before, after] = [0.25, 0.14];
const nose = 0.07;

/** Points over the face, an outline of them on the rim. */
const mesh: Point[] = [];
for (let ring = 0; ring <= 10; ring++)
  for (let turn = 0; turn < 40; turn++) {
    const [r, angle] = [(ring / 10) * before, (turn / 40) * 2 * Math.PI];
    mesh.push({ x: centre + r * Math.cos(angle), y: centre + r * Math.sin(angle) });
  }
const turned: readonly Point[] = mesh.map(({ x, y }) => {
  const across = (x - centre) / before;
  const radius = x > centre ? after : before;
  const bulge = 1 - ((x - centre) ** 2 + (y - centre) ** 2) / before ** 2;
  // What is near the rim lies beneath what bulges out.
  const shown = Math.min(centre + across * radius + nose * bulge, centre + after);
  return { x: shown, y };
});

test('the outline moves as far as it is seen to, though all within moves the other way', () => {
  const carry = carryOf(mesh, turned)!;
  const { side } = carry;
  const at = (x: number, y: number): number =>
    carry.planes[0]![Math.floor(y * side) * side + Math.floor(x * side)]!;
  expect(Math.abs(at(centre + after - 0.004, centre) - (before - after))).toBeLessThan(0.01);
  expect(Math.abs(at(centre - before + 0.004, centre))).toBeLessThan(0.01);
  expect(at(centre, centre)).toBeLessThan(-0.02);
});

test('where the outline moved in the wall follows it, and what cannot be stretched is drawn', () => {
  const side = 256;
  const size = 128;
  const [skin, wall, cheek] = [
    [0.8, 0.6, 0.5],
    [0.2, 0.5, 0.3],
    [0.7, 0.5, 0.4],
  ] as const;
  const inside = (x: number, y: number, radius: number): boolean =>
    ((x - centre) / (x > centre ? radius : before)) ** 2 + ((y - centre) / before) ** 2 < 1;
  // A stripe along the rim: squeezed beside the new outline, it is a line that no cheek has.
  const stripe = (x: number): boolean => x > centre + 0.17 && x < centre + 0.21;
  const region = paint(side, side, 16, (x, y) => {
    const [u, v] = [(x + 0.5) / side, (y + 0.5) / side];
    if (!inside(u, v, before)) return [...wall, 1];
    return stripe(u) ? [0.1, 0.1, 0.1, 1] : [...skin, 1];
  });
  const quad = square({ x: side / 2, y: side / 2 }, side);
  const photograph = alignFace(region, quad, size);
  const reconstructed: FacePlanes = { size, rgb: photograph.rgb };
  const edited = planes(size, (u, v) => (inside(u, v, after) ? cheek : [0.9, 0.1, 0.9]));
  const area = planes(size, (u, v) => {
    const r = Math.hypot((u - centre) / (u > centre ? after : before), (v - centre) / before);
    return [Math.min(1, Math.max(0, (1 - r) / 0.25)), 0, 0];
  });
  const composed = changeFace({
    photograph,
    alpha: { side: size, planes: [photograph.alpha] },
    reconstructed,
    edited,
    colours: { reconstructed: null, edited: null },
    carry: carryOf(mesh, turned),
    area: { side: size, planes: [area.rgb.slice(0, size * size)] },
    measuredAt: 256,
  });
  const { data } = composite(region, renderFace(region, quad, composed, 'source'));
  const colour = (x: number): readonly number[] => {
    const at = (Math.floor(centre * side) * side + Math.floor(x * side)) * 4;
    return [0, 1, 2].map((c) => data[at + c]! / 65535);
  };
  const apart = (a: readonly number[], b: readonly number[]): number =>
    Math.max(...a.map((value, c) => Math.abs(value - b[c]!)));
  // From the new outline to the old one: the photograph's wall, neither cheek nor the generator's.
  for (let x = centre + after + 0.03; x < centre + before; x += 0.01)
    expect(apart(colour(x), wall)).toBeLessThan(0.1);
  // Beside the new outline the stripe is gone.
  for (let x = centre + 0.6 * after; x < centre + after - 0.005; x += 1 / side)
    expect(apart(colour(x), skin)).toBeLessThan(0.3);
});

test('what is drawn out, squeezed or turned over is torn; what is moved or turned is not', () => {
  const side = 64;
  const carried = (of: (x: number, y: number) => readonly [number, number]) => {
    const moves = Array.from({ length: side * side }, (_, i) =>
      of((i % side) / side - 0.5, Math.floor(i / side) / side - 0.5),
    );
    const plane = (axis: 0 | 1) => Float32Array.from(moves, (move) => move[axis]);
    return evenness({ side, planes: [plane(0), plane(1)] }, side)[32 * side + 32]!;
  };
  expect(carried(() => [0.1, -0.05])).toBe(1);
  expect(carried((x, y) => [-0.05 * x - 0.3 * y, 0.3 * x - 0.05 * y])).toBe(1);
  expect(carried((x) => [1.5 * x, 0])).toBe(0);
  expect(carried((x) => [-0.7 * x, 0])).toBe(0);
  expect(carried((x) => [-2 * x, 0])).toBe(0);
  expect(carried((x) => [0.6 * x, 0])).toBeGreaterThan(0.1);
});

test('a silhouette is a closed line around all points, once around', () => {
  const line = silhouetteOf(turned, 24);
  expect(line).toHaveLength(48);
  let area = 0;
  line.forEach((a, i) => {
    const b = line[(i + 1) % line.length]!;
    area += (a.x * b.y - b.x * a.y) / 2;
  });
  // Half an ellipse of each width, drawn clockwise where y points down.
  expect(area / ((Math.PI / 2) * before * (before + after))).toBeCloseTo(1, 1);
});

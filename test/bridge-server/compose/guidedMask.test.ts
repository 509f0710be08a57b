import { guidedMask, planesOf } from '../../../bridge-server/compose';
import { alignFace } from '../../../bridge-server/faces';
import { smoothstep } from '../../../bridge-server/faces/planes';
import { paint } from '../../support/faces';

const side = 256;
const border = 0.5;
const quad = [
  { x: 20, y: 20 },
  { x: 276, y: 20 },
  { x: 276, y: 276 },
  { x: 20, y: 276 },
] as const;

/** Dark up to an edge, light behind it. */
const picture = paint(300, 300, 8, (x) => (x < 148 ? [0.2, 0.1, 0.1, 1] : [0.8, 0.7, 0.6, 1]));
/** A network's idea of the dark side: blurred, and some pixels off. */
const blurred = (shift: number): Float32Array =>
  Float32Array.from({ length: side * side }, (_, i) =>
    smoothstep((border + shift - ((i % side) + 0.5) / side) / 0.05 + 0.5),
  );

test.each([-0.01, 0, 0.01])('the edge comes to lie where the picture has it (%p)', (shift) => {
  const guide = planesOf(alignFace(picture, quad, side));
  const { data, width } = guidedMask(picture, quad, guide, blurred(shift));
  const row = (x: number): number => data[150 * width + x]!;
  expect([row(100), row(200)]).toEqual([255, 0]);
  expect(row(143)).toBeGreaterThan(215);
  expect(row(152)).toBeLessThan(40);
});

test('outside the crop nothing is selected, and at its border it fades', () => {
  const guide = planesOf(alignFace(picture, quad, side));
  const all = new Float32Array(side * side).fill(1);
  const { data, width } = guidedMask(picture, quad, guide, all);
  const row = (x: number): number => data[150 * width + x]!;
  expect([row(10), row(19), row(280)]).toEqual([0, 0, 0]);
  expect(row(21)).toBeLessThan(128);
  expect([row(30), row(148), row(260)]).toEqual([255, 255, 255]);
});

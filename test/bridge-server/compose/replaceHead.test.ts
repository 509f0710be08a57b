import { renderFace, replaceHead, type Grid } from '../../../bridge-server/compose';
import { alignFace } from '../../../bridge-server/faces';
import { planes } from '../../support/faceLike';
import { composite, paint, square } from '../../support/faces';

/* A dark head beside the middle of a blue wall, and a light one drawn in the middle, before a green wall. */
const size = 256;
const radius = 0.22;
const [oldX, newX, y] = [0.62, 0.5, 0.45];
const wall = [0.2, 0.3, 0.6] as const;
const inDisc = (u: number, v: number, x: number): boolean => Math.hypot(u - x, v - y) < radius;

function partsOf(x: number) {
  const plane = (share: (u: number, v: number) => number): Grid => ({
    side: 128,
    planes: [
      Float32Array.from({ length: 128 * 128 }, (_, i) =>
        share(((i % 128) + 0.5) / 128, (Math.floor(i / 128) + 0.5) / 128),
      ),
    ],
  });
  return {
    head: plane((u, v) => (inDisc(u, v, x) ? 1 : 0)),
    neck: plane(() => 0),
    background: plane((u, v) => (inDisc(u, v, x) ? 0 : 1)),
  };
}

const region = paint(size, size, 8, (px, py) =>
  inDisc(px / size, py / size, oldX) ? [0.1, 0.1, 0.1, 1] : [...wall, 1],
);
const quad = square({ x: size / 2, y: size / 2 }, size);
const { rgb, alpha } = alignFace(region, quad, size);
const composed = replaceHead({
  drawn: planes(size, (u, v) => (inDisc(u, v, newX) ? [0.9, 0.8, 0.7] : [0.1, 0.9, 0.1])),
  colours: null,
  drawnParts: partsOf(newX),
  photograph: { size, rgb },
  alpha: { side: size, planes: [alpha] },
  parts: partsOf(oldX),
  chin: y + radius,
  feather: 0.1,
});
const shown = composite(region, renderFace(region, quad, composed, 'source'));

const at = (u: number, v: number): number[] => {
  const from = (Math.floor(v * size) * size + Math.floor(u * size)) * 4;
  return [...shown.data.slice(from, from + 3)];
};
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, c) => Math.abs(value - 255 * b[c]!)));

test('the new head is there, and where the old one was alone the wall goes on', () => {
  expect(apart(at(newX, y), [0.9, 0.8, 0.7])).toBeLessThan(3);
  expect(apart(at(oldX + 0.8 * radius, y), wall)).toBeLessThan(6);
});

test('around both heads not one sample differs', () => {
  for (const [u, v] of [
    [0.05, 0.5],
    [0.95, 0.05],
    [0.5, 0.9],
  ] as const) {
    const from = (Math.floor(v * size) * size + Math.floor(u * size)) * 4;
    expect(at(u, v)).toEqual([...region.data.slice(from, from + 3)]);
  }
});

test('none of the drawn wall comes along in the soft edge', () => {
  for (let i = 0; i < 64; i++) {
    const angle = (i / 64) * 2 * Math.PI;
    for (const r of [0.94, 0.98, 1, 1.02, 1.06]) {
      const [red, green, blue] = at(
        newX + r * radius * Math.cos(angle),
        y + r * radius * Math.sin(angle),
      );
      // Both heads and the photograph's wall are redder or bluer than they are green.
      expect(green! - Math.max(red!, blue!)).toBeLessThan(25);
    }
  }
});

test('hair that the crop cuts off joins what is above it without a gap of wall', () => {
  const tall = (x: number) => {
    const parts = partsOf(x);
    const side = 128;
    const column = (i: number) => Math.abs(((i % side) + 0.5) / side - x) < 0.15;
    const above = (i: number) => Math.floor(i / side) / side < y;
    const head = parts.head.planes[0]!.map((value, i) => (column(i) && above(i) ? 1 : value));
    return { ...parts, head: { side, planes: [head] } };
  };
  const hair = [0.3, 0.2, 0.1] as const;
  const picture = paint(size, size, 8, (px, py) =>
    Math.abs(px / size - newX) < 0.15 && py / size < y ? [...hair, 1] : [...wall, 1],
  );
  const aligned = alignFace(picture, quad, size);
  const face = replaceHead({
    drawn: planes(size, (u, v) => (Math.abs(u - newX) < 0.15 && v < y ? hair : [0.1, 0.9, 0.1])),
    colours: null,
    drawnParts: tall(newX),
    photograph: { size, rgb: aligned.rgb },
    alpha: { side: size, planes: [aligned.alpha] },
    parts: tall(newX),
    chin: y + radius,
    feather: 0.1,
  });
  const result = composite(picture, renderFace(picture, quad, face, 'source'));
  for (let row = 0; row < 0.3 * size; row++) {
    const from = (row * size + newX * size) * 4;
    expect(apart([...result.data.slice(from, from + 3)], hair)).toBeLessThan(8);
  }
});

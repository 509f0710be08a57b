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

const plane = (share: (u: number, v: number) => number): Grid => ({
  side: 128,
  planes: [
    Float32Array.from({ length: 128 * 128 }, (_, i) =>
      share(((i % 128) + 0.5) / 128, (Math.floor(i / 128) + 0.5) / 128),
    ),
  ],
});

function partsOf(x: number) {
  return {
    face: plane((u, v) => (inDisc(u, v, x) ? 1 : 0)),
    hair: plane(() => 0),
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
  matchColour: 0,
  drawnParts: partsOf(newX),
  photograph: { size, rgb },
  alpha: { side: size, planes: [alpha] },
  parts: partsOf(oldX),
  chin: y + radius,
  feather: 0.1,
});
const shown = composite(region, renderFace(region, quad, composed, 'source'));

const pixel = ({ data }: typeof region, u: number, v: number): number[] => {
  const from = (Math.floor(v * size) * size + Math.floor(u * size)) * 4;
  return [...data.slice(from, from + 3)];
};
const at = (u: number, v: number): number[] => pixel(shown, u, v);
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

/** Hair around the head and down to the crop's lower end. */
const hair = [0.3, 0.2, 0.1] as const;
const isHair = (u: number, v: number, x: number): boolean =>
  Math.abs(u - x) < 0.3 && v > 0.1 && !inDisc(u, v, x);

const withHair = (x: number) => ({
  ...partsOf(x),
  hair: plane((u, v) => (isHair(u, v, x) ? 1 : 0)),
  background: plane((u, v) => (isHair(u, v, x) || inDisc(u, v, x) ? 0 : 1)),
});

/** The photograph's long hair, behind a head that has hair of another colour. */
function replaceUnder(drawnHair: readonly [number, number, number], matchColour = 0) {
  const picture = paint(size, size, 8, (px, py) => {
    const [u, v] = [px / size, py / size];
    if (isHair(u, v, oldX)) return [...hair, 1];
    return inDisc(u, v, oldX) ? [0.8, 0.6, 0.5, 1] : [...wall, 1];
  });
  const aligned = alignFace(picture, quad, size);
  const face = replaceHead({
    drawn: planes(size, (u, v) => {
      if (isHair(u, v, newX)) return drawnHair;
      return inDisc(u, v, newX) ? [0.9, 0.8, 0.7] : [0.1, 0.9, 0.1];
    }),
    matchColour,
    drawnParts: withHair(newX),
    photograph: { size, rgb: aligned.rgb },
    alpha: { side: size, planes: [aligned.alpha] },
    parts: withHair(oldX),
    chin: y + radius,
    feather: 0.1,
  });
  return composite(picture, renderFace(picture, quad, face, 'source'));
}

test("hair stays the photograph's, down past where the drawn crop ends", () => {
  const under = replaceUnder([0.1, 0.6, 0.1]);
  for (const v of [0.2, 0.5, 0.7, 0.9, 0.99]) {
    expect(apart(pixel(under, oldX + 0.27, v), hair)).toBeLessThan(2);
  }
});

test('what was face and is not covered becomes hair where hair is around it', () => {
  const under = replaceUnder(hair);
  expect(apart(pixel(under, oldX + 0.9 * radius, y), hair)).toBeLessThan(12);
});

test("drawn skin and hair come into the light of the photograph's, each for itself", () => {
  const under = replaceUnder([0.6, 0.5, 0.4], 1);
  expect(apart(pixel(under, newX, y), [0.8, 0.6, 0.5])).toBeLessThan(4);
  // The hairline is drawn.
  expect(apart(pixel(under, newX, y - radius - 0.02), hair)).toBeLessThan(16);
});

import fc from 'fast-check';
import { frameOfQuad, frameSide, invertFrame, mapPoint } from '../../../bridge-server/faces/frame';
import { square } from '../../support/faces';

const quads = fc
  .record({
    x: fc.double({ min: -5000, max: 5000, noNaN: true }),
    y: fc.double({ min: -5000, max: 5000, noNaN: true }),
    side: fc.double({ min: 1, max: 8000, noNaN: true }),
    degrees: fc.double({ min: -180, max: 180, noNaN: true }),
  })
  .map(({ x, y, side, degrees }) => ({ quad: square({ x, y }, side, degrees), side }));
const unit = fc.double({ min: -1, max: 2, noNaN: true });

test('every square has a frame, and its inverse undoes it', () => {
  fc.assert(
    fc.property(quads, unit, unit, ({ quad, side }, u, v) => {
      const frame = frameOfQuad(quad);
      const there = mapPoint(frame, u, v);
      const back = mapPoint(invertFrame(frame), there.x, there.y);
      expect(back.x).toBeCloseTo(u, 6);
      expect(back.y).toBeCloseTo(v, 6);
      expect(frameSide(frame)).toBeCloseTo(side, 6);
    }),
  );
});

test('corners map to corners', () => {
  const quad = square({ x: 40, y: 60 }, 30, 20);
  const frame = frameOfQuad(quad);
  [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ].forEach(([u, v], i) => {
    expect(mapPoint(frame, u!, v!).x).toBeCloseTo(quad[i]!.x, 9);
    expect(mapPoint(frame, u!, v!).y).toBeCloseTo(quad[i]!.y, 9);
  });
});

test.each([
  ['flat', square({ x: 0, y: 0 }, 0)],
  ['endless', square({ x: 0, y: 0 }, 1e9)],
  ['not a number', square({ x: NaN, y: 0 }, 10)],
  [
    'bent',
    [
      { x: 0, y: 0 },
      { x: 9, y: 0 },
      { x: 20, y: 30 },
      { x: 0, y: 9 },
    ],
  ],
] as const)('refuses a quad that is %s', (_, quad) => {
  expect(() => frameOfQuad(quad)).toThrow(/is not a square of up to 30000 pixels/);
});

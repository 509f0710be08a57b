import { faceMask } from '../../../bridge-server/faces';
import type { MaskArea } from '../../../bridge-server/faces';
import { square } from '../../support/faces';

const quad = square({ x: 200, y: 200 }, 256);
/** An upright oval where FFHQ puts the face: eyes at 0.47 of the crop's height, chin at 0.87. */
const face = {
  contour: Array.from({ length: 36 }, (_, i) => {
    const angle = (i / 36) * 2 * Math.PI;
    return { x: 200 + 62 * Math.sin(angle), y: 210 - 82 * Math.cos(angle) };
  }),
  landmarks: {
    leftEye: { x: 168, y: 192 },
    rightEye: { x: 232, y: 192 },
    leftMouth: { x: 176, y: 258 },
    rightMouth: { x: 224, y: 258 },
  },
};
const areas: readonly MaskArea[] = ['face', 'head', 'crop'];
const share = (mask: Float32Array): number =>
  mask.reduce((sum, value) => sum + value, 0) / mask.length;

test.each([64, 256, 512])('is full over the face and nothing along the border, %i²', (size) => {
  for (const area of areas) {
    const mask = faceMask(face, quad, size, area);
    const at = (u: number, v: number): number =>
      mask[Math.floor(v * size) * size + Math.floor(u * size)]!;
    expect(at(0.5, 0.6)).toBeCloseTo(1, 5);
    expect(at(0.4, 0.5)).toBeCloseTo(1, 1);
    const border = Array.from({ length: size }, (_, i) => [
      mask[i]!,
      mask[(size - 1) * size + i]!,
      mask[i * size]!,
      mask[i * size + size - 1]!,
    ]).flat();
    expect(Math.max(...border)).toBeLessThan(0.03);
  }
});

test('grows from the face to the head to the crop', () => {
  const shares = areas.map((area) => share(faceMask(face, quad, 128, area)));
  expect(shares[0]).toBeLessThan(shares[1]! * 0.8);
  expect(shares[1]).toBeLessThan(shares[2]!);
});

test('has no steps: neighbours differ by little', () => {
  for (const area of areas) {
    const mask = faceMask(face, quad, 256, area);
    const steps = mask.map((value, i) => (i % 256 ? Math.abs(value - mask[i - 1]!) : 0));
    expect(Math.max(...steps)).toBeLessThan(0.1);
  }
});

test('does not depend on where or how large the face is', () => {
  const moved = (point: { x: number; y: number }) => ({ x: 3 * point.x + 50, y: 3 * point.y - 90 });
  const { leftEye, rightEye, leftMouth, rightMouth } = face.landmarks;
  const other = faceMask(
    {
      contour: face.contour.map(moved),
      landmarks: {
        leftEye: moved(leftEye),
        rightEye: moved(rightEye),
        leftMouth: moved(leftMouth),
        rightMouth: moved(rightMouth),
      },
    },
    square(moved({ x: 200, y: 200 }), 768),
    128,
    'face',
  );
  const same = faceMask(face, quad, 128, 'face').map((value, i) => Math.abs(value - other[i]!));
  expect(Math.max(...same)).toBeLessThan(1e-4);
});

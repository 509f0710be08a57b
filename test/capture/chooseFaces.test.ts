import { chooseFaces } from '../../capture/chooseFaces';
import type { Face, FaceRefusal } from '../../protocol/face';
import { square } from '../support/faces';

const face = (side: number, refusal: FaceRefusal | null = null): Face => {
  const point = { x: 0, y: 0 };
  return {
    quad: square(point, side),
    bounds: { left: 0, top: 0, right: 1, bottom: 1 },
    landmarks: { leftEye: point, rightEye: point, leftMouth: point, rightMouth: point },
    contour: [],
    score: 1,
    yaw: 0,
    refusal,
  };
};
const numbers = (...args: Parameters<typeof chooseFaces>): number[] =>
  chooseFaces(...args).map(({ faceNumber }) => faceNumber);

test('chooses all, the largest or one', () => {
  const faces = [face(300), face(200), face(100)];
  expect(numbers(faces, 'all')).toEqual([1, 2, 3]);
  expect(numbers(faces, 'largest')).toEqual([1]);
  expect(numbers(faces, 2)).toEqual([2]);
});

test('leaves out what cannot be worked on, but keeps its number', () => {
  const faces = [face(300, 'turned-away'), face(200), face(10, 'too-small')];
  expect(numbers(faces, 'all')).toEqual([2]);
  expect(numbers(faces, 'largest')).toEqual([2]);
});

test.each([
  [[], 'all', 'NO_FACE', /No face was found in photo\.jpg\. Use a picture/],
  [[face(10, 'too-small')], 'all', 'FACE_TOO_SMALL', /Face 1 in photo\.jpg is too small/],
  [[face(99, 'turned-away')], 'largest', 'FACE_TURNED_AWAY', /Face 1 .* turned too far .* Choose/],
  [[face(99), face(10, 'too-small')], 2, 'FACE_TOO_SMALL', /Face 2 .* Enlarge the layer/],
  [[face(99)], 2, 'BAD_INPUT', /There is no face 2 in photo\.jpg: there is only face 1\./],
  [[face(99), face(50)], 0, 'BAD_INPUT', /There is no face 0 .* choose from 1 to 2\./],
  [[face(99), face(50)], 1.5, 'BAD_INPUT', /There is no face 1\.5/],
] as const)('refuses in words: %#', (faces, choice, code, message) => {
  expect(() => chooseFaces(faces, choice, 'photo.jpg')).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

import { turnedFar } from '../../../plugin/panel/turnedFar';
import { faceAt } from '../../support/fakeBridge';

const faceOf = (yaw: number, refusal: 'turned-away' | null = null) => ({
  ...faceAt({ left: 10, top: 10, right: 210, bottom: 210 }, refusal),
  yaw,
});
const change = { input: 'face', composition: 'change' } as const;

test('a head turned far to either side is told before anything runs', () => {
  expect(turnedFar(change, [faceOf(0.4)], 'largest')).toBe(true);
  expect(turnedFar(change, [faceOf(-0.4)], 'all')).toBe(true);
  expect(turnedFar({ ...change, composition: 'replace' }, [faceOf(0.4)], 'all')).toBe(true);
});

test('it is the chosen faces that count', () => {
  const faces = [faceOf(0.1), faceOf(0.9, 'turned-away'), faceOf(0.4)];
  expect(turnedFar(change, faces, 'all')).toBe(true);
  expect(turnedFar(change, faces, 'largest')).toBe(false);
  expect(turnedFar(change, faces, 1)).toBe(false);
  expect(turnedFar(change, faces, 3)).toBe(true);
  expect(turnedFar(change, [], 'all')).toBe(false);
});

test('nothing is said of what does not draw the face', () => {
  for (const composition of ['fill', 'band'] as const) {
    expect(turnedFar({ ...change, composition }, [faceOf(0.4)], 'all')).toBe(false);
  }
  expect(turnedFar({ ...change, input: 'sketch' }, [faceOf(0.4)], 'all')).toBe(false);
});

import { finerThanModel } from '../../../plugin/panel/finerThanModel';
import { faceAt } from '../../support/fakeBridge';

const faceOf = (side: number, refusal: 'turned-away' | null = null) =>
  faceAt({ left: 10, top: 10, right: 10 + side, bottom: 10 + side }, refusal);
const change = { input: 'face', composition: 'change' } as const;

test('a face finer than the model is told by its size, before anything runs', () => {
  expect(finerThanModel(change, 1024, [faceOf(1900), faceOf(300)])).toBe(1900);
  expect(finerThanModel({ ...change, composition: 'replace' }, 1024, [faceOf(1900)])).toBe(1900);
});

test('nothing is said where nothing gets softer', () => {
  expect(finerThanModel(change, 1024, [])).toBeNull();
  expect(finerThanModel(change, 1024, [faceOf(1040)])).toBeNull();
  expect(finerThanModel(change, 1024, [faceOf(1900, 'turned-away'), faceOf(500)])).toBeNull();
  // Super-resolve keeps every frequency that the photograph has.
  expect(finerThanModel({ ...change, composition: 'band' }, 1024, [faceOf(1900)])).toBeNull();
  expect(finerThanModel({ ...change, input: 'sketch' }, 1024, [faceOf(1900)])).toBeNull();
});

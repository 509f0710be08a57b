import { isLongPlaced } from '../../../bridge-server/processor/placePatch';

test.each([
  [4096, 'in-place', false],
  [4096, 'native', false],
  [2047, 'x2', false],
  [2048, 'x2', true],
  [512, 'x8', true],
] as const)(
  'the networks are let go while %i pixels a side are placed %s: %s',
  (side, size, isLong) => {
    const pixels = { width: side, height: side, data: new Uint8Array(0) };
    expect(isLongPlaced({ pixels, parameters: { size } })).toBe(isLong);
  },
);

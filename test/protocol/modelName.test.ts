import { isPackageName } from '../../models/convert';
import { modelName } from '../../protocol/model';

const isWireName = (name: string): boolean => {
  try {
    return modelName(name, 'name') === name;
  } catch {
    return false;
  }
};

test.each([
  ['starter', true],
  ['psp-ffhq.v2', true],
  ['a_b', true],
  ['7', true],
  ['x'.repeat(64), true],
  ['x'.repeat(65), false],
  ['', false],
  ['.', false],
  ['..', false],
  ['.hidden', false],
  ['dot.', false],
  ['-x', false],
  ['a/b', false],
  ['a\\b', false],
  ['Upper', false],
  ['shared', false],
  ['shared2', true],
  ['ä', false],
])('%j is a name on the wire as on the disk: %s', (name, expected) => {
  expect(isWireName(name)).toBe(expected);
  expect(isPackageName(name)).toBe(expected);
});

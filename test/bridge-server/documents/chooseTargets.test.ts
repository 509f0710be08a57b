import { chooseTargets } from '../../../bridge-server/documents/chooseTargets';
import type { PsdDocument } from '../../../psd';

const bounds = { left: 0, top: 0, right: 8, bottom: 8 };
const documentOf = (...names: readonly string[]): PsdDocument =>
  ({ layers: names.map((name) => ({ name, kind: 'pixels', bounds })), header: {} }) as never;

test('a layer that is not there is answered with those that are, as far as anybody reads', () => {
  const choose = (document: PsdDocument) => () => chooseTargets('a.psd', document, 'Face');
  expect(choose(documentOf('Paper', 'Photo', 'Photo'))).toThrow(
    'a.psd has no layer "Face" with pixels. It has "Paper", "Photo".',
  );
  const many = Array.from({ length: 120 }, (_, i) => `Layer ${i}`);
  expect(choose(documentOf('x'.repeat(300), ...many))).toThrow(
    new RegExp(`It has "x{60}…", "Layer 0", .*"Layer 18", and 101 more\\.$`),
  );
});

import { bestFirst, findModel } from '../../../bridge-server/processor/findModel';
import { frontalize } from '../../../bridge-server/operations/frontalize';
import type { ModelPackage } from '../../../bridge-server/models/modelStore';

/** What the choice looks at; the rest of a package decides nothing. */
const model = (name: string, part: Partial<ModelPackage> = {}): ModelPackage =>
  ({
    name,
    operations: ['frontalize'],
    resolution: 256,
    embedded: false,
    installedAtMs: 1,
    ...part,
  }) as ModelPackage;

const embedded = model('starter', { embedded: true, resolution: 1024, installedAtMs: 0 });
const names = (models: readonly ModelPackage[]) => bestFirst(models).map(({ name }) => name);

test("the user's own model wins over the embedded one, however large that is", () => {
  expect(findModel([embedded, model('mine')], frontalize, null).name).toBe('mine');
});

test('then what draws larger, then what was installed later, then the name', () => {
  expect(names([model('small'), model('large', { resolution: 1024 }), embedded])).toEqual([
    'large',
    'small',
    'starter',
  ]);
  expect(names([model('old'), model('new', { installedAtMs: 2 })])).toEqual(['new', 'old']);
  expect(names([model('b'), model('a')])).toEqual(['a', 'b']);
});

test('a better model for something else is passed over', () => {
  const other = model('sketches', { operations: ['sketch-to-face'], resolution: 1024 });
  expect(findModel([embedded, other], frontalize, null).name).toBe('starter');
});

test('a model that was named is taken, good or not', () => {
  expect(findModel([embedded, model('mine')], frontalize, 'starter').name).toBe('starter');
});

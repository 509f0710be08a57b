import { freeze, KeptNames, thaw } from '../../../../plugin/hosts/browser/keep/freeze';

test('what was shared is shared again, numbers and blobs are kept once, beside the text', async () => {
  const pixels = { width: 1, height: 1, data: Uint16Array.of(1, 2, 3, 65535) };
  const file = new Blob(['psd']);
  const value = {
    steps: [{ pixels }, { pixels, name: 'twice', mask: null }],
    file,
    none: undefined,
  };
  const { text, kept } = freeze(value, new KeptNames());
  expect(kept.size).toBe(2);
  const names = new KeptNames();
  const load = async (name: string) => new Blob([kept.get(name) as BlobPart]);
  const back = (await thaw(text, names, load)) as typeof value;
  expect(back.steps).toEqual(value.steps);
  expect(back.steps[0]!.pixels).toBe(back.steps[1]!.pixels);
  expect(await back.file.text()).toBe('psd');
  expect('none' in back).toBe(false);
  // Kept again, nothing has to be written anew.
  expect([...freeze(back, names).kept.keys()].sort()).toEqual([...kept.keys()].sort());
});

import { createServer } from 'node:net';
import { once } from 'node:events';
import { operations } from '../../bridge-server/operations/registry';
import { describeGimp } from './support/gimpRoot';
import { GimpSession } from './support/gimpSession';

interface FilterEnd {
  readonly ok: boolean;
  readonly message: string;
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describeGimp('the plug-in in GIMP, with no bridge', () => {
  let gimp: GimpSession;
  let port: number;
  beforeAll(async () => {
    port = await unusedPort();
    gimp = await GimpSession.start(await GimpSession.makeFolder(), { bridgePort: port });
  });
  afterAll(() => gimp.close());

  test('every operation is a procedure in one menu, with its declared arguments', async () => {
    const found = await gimp.run<
      Record<string, { label: string; menus: string[]; types: string; arguments: string[] }>
    >(`
answer = {}
for name in pdb.query_procedures('psp-layers-.*', *['.*'] * 7):
    procedure = pdb.lookup_procedure(name)
    answer[name] = {
        'label': procedure.get_menu_label(), 'menus': procedure.get_menu_paths(),
        'types': procedure.get_image_types(),
        'arguments': [argument.name for argument in procedure.get_arguments()],
    }
`);
    const names = [...operations.declarations.map(({ id }) => id), 'select-part'];
    expect(Object.keys(found).sort()).toEqual(names.map((id) => `psp-layers-${id}`).sort());
    expect(found['psp-layers-select-part']).toMatchObject({
      label: 'Select a part of a face...',
      menus: ['<Image>/Filters/pSp Layers'],
    });
    for (const { id, label } of operations.declarations) {
      expect(found[`psp-layers-${id}`]).toMatchObject({
        label: `${label}...`,
        menus: ['<Image>/Filters/pSp Layers'],
        types: 'RGB*, GRAY*',
      });
    }
    expect(found['psp-layers-resample-style']!.arguments).toEqual([
      ...['run-mode', 'image', 'drawables', 'faces', 'face-number', 'variants', 'seed', 'alpha'],
      ...['truncation', 'styles-coarse', 'styles-middle', 'styles-fine', 'likeness', 'area'],
      ...['feather', 'selection', 'keep', 'match-colour', 'match-grain', 'model', 'note'],
    ]);
  });

  test('a bridge that is not running is told with what to do, and nothing changes', async () => {
    const { end, names } = await gimp.run<{ end: FilterEnd; names: string[] }>(`
image = new_image(64, 64)
layer = add_layer(image, 'Photo', 0, 0, 64, 64)
end = run_filter('frontalize', image, [layer])
answer = {'end': end, 'names': [layer.get_name() for layer in image.get_layers()]}
image.delete()
`);
    expect(end).toMatchObject({ ok: false });
    expect(end.message).toContain(`The pSp Layers bridge is not running on port ${port}`);
    expect(end.message).toContain('psp-layers serve');
    expect(names).toEqual(['Photo']);
  });

  test.each([
    [
      'an indexed image',
      `
image = new_image(64, 64, Gimp.ImageBaseType.INDEXED)
layer = add_layer(image, 'Photo', 0, 0, 64, 64, Gimp.ImageType.INDEXED_IMAGE)
answer = run_filter('frontalize', image, [layer])`,
      'An indexed image has too few colours for a new layer. Choose Image > Mode > RGB first.',
    ],
    [
      'a channel',
      `
image = new_image(64, 64)
add_layer(image, 'Photo', 0, 0, 64, 64)
channel = Gimp.Channel.new(image, 'Stencil', 64, 64, 50, Gegl.Color.new('red'))
image.insert_channel(channel, None, 0)
answer = run_filter('frontalize', image, [channel])`,
      '"Stencil" is no layer. Select a layer.',
    ],
    [
      'a floating selection',
      `
image = new_image(64, 64)
layer = add_layer(image, 'Photo', 0, 0, 64, 64)
image.select_rectangle(Gimp.ChannelOps.REPLACE, 8, 8, 16, 16)
floating = Gimp.Selection.float(image, [layer], 0, 0)
answer = run_filter('frontalize', image, [layer])`,
      'There is a floating selection. Anchor it first (Ctrl+H).',
    ],
  ])('%s is refused in words', async (_, python, message) => {
    const end = await gimp.run<FilterEnd>(`${python}\nimage.delete()`);
    expect(end).toMatchObject({ ok: false, message });
  });
});

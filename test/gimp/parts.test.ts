import { stopAll } from '../support/bridgeServer';
import { startPair, type FilterEnd } from './support/fakeBridge';
import { describeGimp } from './support/gimpRoot';
import type { GimpSession } from './support/gimpSession';

interface Selected {
  readonly end: FilterEnd;
  /** Left, top, right, bottom of the selection; empty where nothing is selected. */
  readonly bounds: readonly number[];
  readonly layers: readonly string[];
  readonly active: readonly string[];
  readonly channels: number;
}

/* The fake's face is the middle half of a layer, and each of its parts the upper half of that; it wears no glasses. */
describeGimp('selecting a part of a face in GIMP', () => {
  let gimp: GimpSession;
  beforeAll(async () => {
    ({ gimp } = await startPair());
    await gimp.run(`
def run_selection(image, drawables, **arguments):
    procedure = pdb.lookup_procedure('psp-layers-select-part')
    config = procedure.create_config()
    config.set_property('image', image)
    config.set_core_object_array('drawables', drawables)
    for key, value in arguments.items(): config.set_property(key.replace('_', '-'), value)
    ok = procedure.run(config).index(0) == Gimp.PDBStatusType.SUCCESS
    return {'ok': ok, 'message': '' if ok else pdb.get_last_error()}
`);
  });
  afterAll(async () => {
    await gimp.close();
    await stopAll();
  });

  const select = (act: string): Promise<Selected> =>
    gimp.run(`
image = new_image(100, 100)
photo = add_layer(image, 'Photo', 20, 0, 80, 80)
image.set_selected_layers([photo])
image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 90, 10, 10)
${act}
is_selected, *bounds = list(Gimp.Selection.bounds(image))[1:]
answer = {
    'end': end, 'bounds': bounds if is_selected else [],
    'layers': [layer.get_name() for layer in image.get_layers()],
    'active': [layer.get_name() for layer in image.get_selected_layers()],
    'channels': len(image.get_channels()),
}
image.delete()
`);

  test('it takes the place of what was selected; layers and channels stay as they were', async () => {
    const seen = await select(`end = run_selection(image, [photo], part='hair')`);
    expect(seen).toEqual({
      end: { ok: true, message: '' },
      bounds: [40, 20, 80, 40],
      layers: ['Photo'],
      active: ['Photo'],
      channels: 0,
    });
  });

  test('it is added to what is selected, and taken away again', async () => {
    const added = await select(`end = run_selection(image, [photo], part='eyes', mode='add')`);
    expect(added.bounds).toEqual([0, 20, 80, 100]);
    const taken = await select(`
run_selection(image, [photo], part='eyes', mode='add')
end = run_selection(image, [photo], part='eyes', mode='subtract', faces='largest')`);
    expect(taken.bounds).toEqual([0, 90, 10, 100]);
  });

  test('what nobody shows is said, and the selection stays', async () => {
    const seen = await select(`end = run_selection(image, [photo], part='glasses')`);
    expect(seen.end).toEqual({
      ok: false,
      message: 'Not found here: Glasses. The selection is as it was.',
    });
    expect(seen.bounds).toEqual([0, 90, 10, 100]);
  });
});

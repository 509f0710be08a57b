import { stopAll } from '../support/bridgeServer';
import { startPair, type FilterEnd } from './support/fakeBridge';
import { describeGimp } from './support/gimpRoot';
import type { GimpSession } from './support/gimpSession';
import { outline, type LayerDump } from './support/layerTree';

interface Result {
  readonly end: FilterEnd;
  readonly layers: readonly LayerDump[];
  readonly selected: readonly string[];
}

describeGimp('where the new layers land in GIMP', () => {
  let gimp: GimpSession;
  beforeAll(async () => {
    ({ gimp } = await startPair());
  });
  afterAll(async () => {
    await gimp.close();
    await stopAll();
  });

  /** Three layers, the middle one selected; then `act`, which sets `end`. */
  const inStack = (act: string): Promise<Result> =>
    gimp.run(`
image = new_image(80, 80)
paper = add_layer(image, 'Paper', 0, 0, 80, 80)
photo = add_layer(image, 'Photo', 0, 0, 80, 80)
notes = add_layer(image, 'Notes', 10, 10, 40, 40)
image.set_selected_layers([photo])
${act}
answer = {
    'end': end, 'layers': layers_of(image),
    'selected': [layer.get_name() for layer in image.get_selected_layers()],
}
image.delete()
`);

  test('one result: directly above its source, nothing else moved or selected', async () => {
    const { end, layers, selected } = await inStack(
      `end = run_filter('frontalize', image, [photo], model='plain')`,
    );
    expect(end.ok).toBe(true);
    expect(outline(layers)).toBe('Notes, Fake frontalize · seed 0, Photo, Paper');
    expect(selected).toEqual(['Photo']);
    expect(layers[1]).toMatchObject({ opacity: 100, visible: true });
  });

  test('several layers: each result above its own source', async () => {
    const { layers, selected } = await inStack(`
image.set_selected_layers([notes, paper])
end = run_filter('reconstruct', image, [notes, paper], model='plain')`);
    expect(outline(layers)).toBe(
      // GIMP numbers equal names.
      'Fake reconstruct · seed 0, Notes, Photo, Fake reconstruct · seed 0 #1, Paper',
    );
    expect([...selected].sort()).toEqual(['Notes', 'Paper']);
  });

  test('a layer without a face is left out, the others get theirs', async () => {
    const { end, layers } = await inStack(`
speck = add_layer(image, 'Speck', 0, 0, 8, 8)
end = run_filter('reconstruct', image, [speck, photo], model='plain')`);
    expect(end.ok).toBe(true);
    expect(outline(layers)).toBe('Speck, Notes, Fake reconstruct · seed 0, Photo, Paper');
    expect(gimp.log()).toContain('No face was found in the layer "Speck".');
  });

  test('no face at all is an error and changes nothing', async () => {
    const { end, layers } = await inStack(`
speck = add_layer(image, 'Speck', 0, 0, 8, 8)
end = run_filter('reconstruct', image, [speck], model='plain')`);
    expect(end).toMatchObject({
      ok: false,
      message: 'No face was found in the layer "Speck". Select a layer that shows a face.',
    });
    expect(outline(layers)).toBe('Speck, Notes, Photo, Paper');
  });

  test('a layer in a group: its result lands in the same group', async () => {
    const { layers } = await inStack(`
group = Gimp.GroupLayer.new(image, 'Group')
image.insert_layer(group, None, 1)
inner = Gimp.Layer.new(image, 'Inner', 40, 40, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
image.insert_layer(inner, group, 0)
end = run_filter('frontalize', image, [inner], model='plain')`);
    expect(outline(layers)).toBe('Notes, Group(Fake frontalize · seed 0, Inner), Photo, Paper');
  });

  test('a group is read as it looks, and its result lands above it', async () => {
    const { layers } = await inStack(`
group = Gimp.GroupLayer.new(image, 'Group')
image.insert_layer(group, None, 1)
image.reorder_item(photo, group, 0)
end = run_filter('frontalize', image, [group], model='plain')`);
    expect(outline(layers)).toBe('Notes, Fake frontalize · seed 0, Group(Photo), Paper');
  });

  test('a selected mask stands for its layer', async () => {
    const { layers } = await inStack(`
mask = photo.create_mask(Gimp.AddMaskType.BLACK)
photo.add_mask(mask)
end = run_filter('frontalize', image, [mask], model='plain')`);
    expect(outline(layers)).toBe('Notes, Fake frontalize · seed 0, Photo, Paper');
  });

  test('a sketch is read whole, and every argument travels', async () => {
    const { end, layers } = await inStack(
      `end = run_filter('sketch-to-face', image, [notes], model='plain', seed=4294967295, variants=2)`,
    );
    expect(end.ok).toBe(true);
    expect(outline(layers)).toBe('Fake sketch-to-face · seed 4294967295, Notes, Photo, Paper');
    expect(layers[0]).toMatchObject({ left: 10, top: 10, width: 40, height: 40 });
  });

  test('another domain takes the face, or the whole layer when asked to', async () => {
    const { layers } = await inStack(
      `end = run_filter('toonify', image, [notes], model='plain', faces='layer')`,
    );
    expect(layers[0]).toMatchObject({ name: 'Fake toonify · seed 0', width: 40, height: 40 });
    const face = await inStack(`end = run_filter('toonify', image, [notes], model='plain')`);
    expect(face.layers[0]).toMatchObject({ width: 24, height: 24 });
  });

  test('a set without a member is refused in words', async () => {
    const { end } = await inStack(
      `end = run_filter('sketch-to-face', image, [notes], model='plain', styles_fine=False)`,
    );
    expect(end.ok).toBe(false);
    expect(end.message).toContain('Styles to draw cannot be []. Use one or more of coarse');
  });

  test('Script-Fu runs the same procedures', async () => {
    const { layers } = await inStack(`
code = f'''(psp-layers-toonify #:run-mode RUN-NONINTERACTIVE #:image {image.get_id()}
  #:drawables (vector {photo.get_id()}) #:faces "largest" #:model "plain" #:match-grain FALSE)'''
procedure = pdb.lookup_procedure('plug-in-script-fu-eval')
config = procedure.create_config()
config.set_property('script', code)
end = {'ok': procedure.run(config).index(0) == Gimp.PDBStatusType.SUCCESS, 'message': pdb.get_last_error()}`);
    expect(outline(layers)).toBe('Notes, Fake toonify · seed 0, Photo, Paper');
  });
});

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewPixelLayer } from '../../psd';
import { boundsAt, corpusFolder, insert, pixelLayer, structureOf } from '../psd/support';
import { stopAll } from '../support/bridgeServer';
import { startPair } from './support/fakeBridge';
import { describeGimp } from './support/gimpRoot';
import type { GimpSession } from './support/gimpSession';
import { maskOf, outline, pixelsOf, type LayerDump } from './support/layerTree';

/**
 * PSD files between GIMP and `psd/`: GIMP writes a document, layers are inserted, GIMP reads it again.
 * `CORPUS=write` keeps what GIMP wrote among the fixtures.
 */
describeGimp('PSD files that GIMP writes and reads', () => {
  let gimp: GimpSession;
  beforeAll(async () => {
    ({ gimp } = await startPair());
  });
  afterAll(async () => {
    await gimp.close();
    await stopAll();
  });

  const mask = {
    bounds: boundsAt(5, 3, 17, 11),
    pixels: Uint8Array.from({ length: 17 * 11 }, (_, i) => (i * 7) % 256),
    defaultColor: 0,
  } as const;

  /** A group with an offset, masked layer over a picture; exported by GIMP itself. */
  const exportPsd = (name: string, depth: 8 | 16): Promise<readonly LayerDump[]> =>
    gimp.run(`
image = new_image(40, 30, precision=Gimp.Precision.${depth === 8 ? 'U8' : 'U16'}_NON_LINEAR)
add_layer(image, 'Photo', 0, 0, 40, 30)
group = Gimp.GroupLayer.new(image, 'Retouch 顔')
image.insert_layer(group, None, 0)
spot = Gimp.Layer.new(image, 'Spot', 12, 9, Gimp.ImageType.RGBA_IMAGE, 60, Gimp.LayerMode.MULTIPLY)
image.insert_layer(spot, group, 0)
spot.set_offsets(-3, 24)
spot.add_mask(spot.create_mask(Gimp.AddMaskType.WHITE))
step = ${depth === 8 ? 1 : 257}
for layer in [image.get_layers()[1], spot]:
    count = layer.get_width() * layer.get_height()
    values = [v * step for i in range(count) for v in (i % 256, (i * 3) % 256, (i * 5) % 256, 255)]
    data = b''.join(v.to_bytes(${depth / 8}, 'little') for v in values)
    write(layer, FORMATS[${depth}], data)
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(str(HERE / '${name}')), None)
answer = layers_of(image, ${depth})
image.delete()
`);

  const read = (name: string, depth: 8 | 16): Promise<readonly LayerDump[]> =>
    gimp.run(`
image = load('${name}')
answer = layers_of(image, ${depth})
image.delete()
`);

  test.each([8, 16] as const)('%d bit', async (depth) => {
    const name = `gimp-groups-${depth}.psd`;
    const written = await exportPsd(name, depth);
    const file = join(gimp.folder, name);
    if (process.env.CORPUS === 'write') await copyFile(file, join(corpusFolder, name));
    const original = new Uint8Array(await readFile(file));
    const document = await structureOf(original);
    const photo = document.layers.find((layer) => layer.name === 'Photo')!;

    const face = pixelLayer('face', depth, mask.bounds, { mask });
    const plain = pixelLayer('plain', depth, boundsAt(-2, 20, 9, 12));
    const group = { kind: 'group', name: 'Frontalize ✓', layers: [face, plain] } as const;
    const { bytes } = await insert(original, { above: photo.index, layers: [group] });
    await writeFile(join(gimp.folder, `after-${name}`), bytes);

    const layers = await read(`after-${name}`, depth);
    expect(outline(layers)).toBe('Retouch 顔(Spot), Frontalize ✓(plain, face), Photo');
    const [plainRead, faceRead] = layers[1]!.children!;
    await expectLayer(plainRead!, plain, depth);
    await expectLayer(faceRead!, face, depth);
    expect([...(await maskOf(faceRead!))]).toEqual([...mask.pixels]);
    // What was there before is read as GIMP had written it.
    const before = await pixelsOf(written[1]!, depth);
    expect([...(await pixelsOf(layers[2]!, depth))]).toEqual([...before]);
    expect(layers[0]!.children![0]).toMatchObject({ name: 'Spot', left: -3, top: 24, width: 12 });
  });

  /** Colours under full transparency are nobody's business. */
  async function expectLayer(
    found: LayerDump,
    { bounds, pixels }: NewPixelLayer,
    depth: 8 | 16,
  ): Promise<void> {
    const { left, top, right, bottom } = bounds;
    const size = { width: right - left, height: bottom - top };
    expect(found).toMatchObject({ left, top, ...size });
    const values = await pixelsOf(found, depth);
    const visible = (samples: ArrayLike<number>): number[] =>
      Array.from(samples).filter((_, i) => samples[(i | 3) as number] !== 0);
    expect(visible(values)).toEqual(visible(pixels));
  }
});

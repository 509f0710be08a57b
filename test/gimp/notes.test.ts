import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { stopAll } from '../support/bridgeServer';
import { startPair } from './support/fakeBridge';
import { describeGimp } from './support/gimpRoot';
import type { GimpSession } from './support/gimpSession';

describeGimp('what a file of GIMP says of layers that were made', () => {
  let gimp: GimpSession;
  beforeAll(async () => {
    ({ gimp } = await startPair());
    await gimp.run(`
def metadata(image): return image.get_metadata().serialize()
def photograph():
    image = new_image(80, 80)
    photo = add_layer(image, 'Photo', 0, 0, 80, 80)
    xml = metadata(image).replace('</metadata>', ''.join(f'<tag name="{name}">{value}</tag>' for name, value in [
        ('Xmp.dc.creator', 'Ana'),
        ('Xmp.iptcExt.DigitalSourceType', 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture'),
    ]) + '</metadata>')
    image.set_metadata(Gimp.Metadata.deserialize(xml))
    return image, photo
def say(image, photo, **more):
    end = run_filter('edit', image, [photo], model='plain', smile=0.5, **more)
    return [end['ok'], metadata(image)]
`);
  });
  afterAll(async () => {
    await gimp.close();
    await stopAll();
  });

  test('the XMP of an exported picture tells the operation, model, seed and settings, and the source type', async () => {
    const path = await gimp.run<string>(`
image, photo = photograph()
run_filter('edit', image, [photo], model='plain', smile=0.5)
run_filter('sketch-to-face', image, [photo], model='plain', seed=7)
image.flatten()
procedure = pdb.lookup_procedure('file-png-export')
config = procedure.create_config()
config.set_property('image', image)
config.set_property('file', Gio.File.new_for_path(str(HERE / 'made.png')))
config.set_property('include-xmp', True)
procedure.run(config)
answer = str(HERE / 'made.png')
`);
    const { xmp } = await sharp(await readFile(path)).metadata();
    const text = xmp!.toString();
    expect(text).toContain('digitalsourcetype/compositeWithTrainedAlgorithmicMedia');
    expect(text).not.toContain('digitalCapture');
    expect(text).toContain('Ana');
    const made = [...text.matchAll(/<rdf:li\s+pspLayers:[^>]*>/g)].map(([item]) => item);
    expect(made).toHaveLength(2);
    expect(made[0]).toContain('pspLayers:layer="Fake edit · seed 0"');
    expect(made[0]).toContain('pspLayers:model="plain"');
    expect(made[0]).toMatch(/pspLayers:settings="[^"]*smile&quot;:0.5[,}]/);
    expect(made[1]).toContain('pspLayers:operation="sketch-to-face"');
    expect(made[1]).toContain('pspLayers:seed="7"');
  });

  test('a script that wants no note gets none', async () => {
    const said = await gimp.run<[boolean, string]>(`answer = say(*photograph(), note=False)`);
    expect(said).toEqual([true, expect.stringContaining('digitalCapture')]);
    expect(said[1]).not.toContain('pspLayers');
  });
});

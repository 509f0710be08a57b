import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyToRaster } from '../../bridge-server/cli/applyToRaster';
import { readImage } from '../../bridge-server/image/readImage';
import { importCheckpoint } from '../../bridge-server/models/importCheckpoint';
import { openProcessor } from '../../bridge-server/openProcessor';
import { labelPalette } from '../../bridge-server/operations/labels-to-face/palette';
import type { LayerPatch } from '../../bridge-server/operations/job';
import type { Processor } from '../../bridge-server/operations/processor';
import { operations } from '../../bridge-server/operations/registry';
import type { Mask, Raster } from '../../protocol/raster';
import type { ParameterValues } from '../../protocol/parameter';
import type { FilterEnd } from './support/fakeBridge';
import { describeGimp } from './support/gimpRoot';
import { GimpSession } from './support/gimpSession';
import { startRealBridge, type RealBridge } from './support/realBridge';
import {
  boundsOfLayer,
  largestDifference,
  maskOf,
  pixelsOf,
  type LayerDump,
} from './support/layerTree';

const root = join(__dirname, '..', '..');
const photograph = join(root, 'test', 'fixtures', 'astronaut.png');

/** Small networks with random weights, one for every operation: what they draw is not the point. */
const networks: Readonly<Record<string, string>> = {
  'tiny-encode': 'reconstruct',
  'tiny-sketch': 'sketch-to-face',
  'tiny-seg': 'labels-to-face',
};
const alsoFrom: readonly string[] = ['frontalize', 'inpaint', 'super-resolve', 'toonify'];

async function installNetworks(modelsFolder: string): Promise<void> {
  const install = (fixture: string, operation: string): Promise<unknown> =>
    importCheckpoint({
      file: join(root, 'test', 'fixtures', 'psp', fixture, 'checkpoint.pt'),
      modelsFolder,
      name: `tiny-${operation}`,
      operation,
    });
  for (const [fixture, operation] of Object.entries(networks)) await install(fixture, operation);
  for (const operation of alsoFrom) await install('tiny-encode', operation);
}

interface Result {
  readonly end: FilterEnd;
  /** Of the image that the filter answered with, top first. */
  readonly layers: readonly LayerDump[];
  readonly selection: string;
  readonly size: readonly [number, number];
}

describeGimp('the same pixels through GIMP as on the command line', () => {
  let gimp: GimpSession;
  let bridge: RealBridge;
  let processor: Processor;
  let photo: Readonly<Record<8 | 16, Raster>>;
  /** What is no photograph, by the operation that reads it. */
  let drawn: Readonly<Record<string, Readonly<Record<8 | 16, Raster>>>>;

  beforeAll(async () => {
    const folder = await GimpSession.makeFolder();
    const home = GimpSession.userFolder(folder);
    await installNetworks(join(home, 'models'));
    process.env['PSP_LAYERS_HOME'] = home;
    process.env['PSP_LAYERS_PROVIDER'] = 'cpu';
    processor = findingOnce(await openProcessor());
    photo = inBothDepths(await readImage(photograph));
    drawn = {
      'labels-to-face': inBothDepths(labelMap()),
      'sketch-to-face': inBothDepths(sketch()),
    };
    await copyFile(photograph, join(folder, 'photo.png'));
    for (const [operation, { 8: raster }] of Object.entries(drawn)) {
      await writeFile(join(folder, operation), raster.data);
    }
    bridge = await startRealBridge(home);
    gimp = await GimpSession.start(folder, { bridgePort: bridge.port });
  });
  afterAll(async () => {
    await gimp.close();
    await bridge.stop();
    await processor.close();
  });

  /** Runs an operation in GIMP on a fresh photograph (or what it reads instead), with an ellipse selected. */
  const inGimp = (
    operation: string,
    depth: 8 | 16,
    parameters: Readonly<Record<string, string | number>>,
  ): Promise<Result> =>
    gimp.run(`
image = load('photo.png')
photo = image.get_layers()[0]
if '${operation}' in ${JSON.stringify(Object.keys(drawn))}:
    photo = add_layer(image, 'Drawn', 0, 0, ${drawnSize.width}, ${drawnSize.height})
    write(photo, "R'G'B'A u8", (HERE / '${operation}').read_bytes())
    image.remove_layer(image.get_layers()[1])
if ${depth} == 16:
    image.convert_precision(Gimp.Precision.U16_NON_LINEAR)
image.select_ellipse(Gimp.ChannelOps.REPLACE, 196, 128, 60, 34)
end = run_filter('${operation}', image, [photo], ${Object.entries(parameters)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(', ')})
made = Gimp.Image.get_by_id(end['result']) if end['ok'] else image
answer = {
    'end': end, 'layers': layers_of(made, ${depth}),
    'selection': save_bytes('selection', read(image.get_selection(), 'Y u8')),
    'size': [made.get_width(), made.get_height()],
}
for one in {image, made}: one.delete()
`);

  async function onCommandLine(
    operation: string,
    depth: 8 | 16,
    parameters: ParameterValues,
    selection: string,
  ): Promise<readonly LayerPatch[]> {
    const source = (drawn[operation] ?? photo)[depth];
    const { width, height } = source;
    const mask: Mask = { width, height, data: await readFile(selection) };
    const { patches } = await applyToRaster(
      processor,
      source,
      {
        operation: operations.find(operation).declaration,
        model: null,
        faces: 'all',
        parameters,
        mask: operations.find(operation).declaration.mask === 'required' ? mask : null,
        latents: null,
        wholeLayer: false,
      },
      { signal: new AbortController().signal, onProgress: () => undefined },
    );
    return patches;
  }

  const cases: readonly (readonly [string, Readonly<Record<string, string | number>>])[] = [
    ['reconstruct', {}],
    ['frontalize', { area: 'face' }],
    ['super-resolve', { size: 'in-place' }],
    ['super-resolve', { size: 'x2' }],
    ['super-resolve', { size: 'native' }],
    ['inpaint', {}],
    ['resample-style', { variants: 2, seed: 4294967295 }],
    ['sketch-to-face', { variants: 2, seed: 7 }],
    ['labels-to-face', { variants: 1, seed: 7 }],
    ['toonify', {}],
  ];

  test.each(
    cases.flatMap(([id, values]) => ([8, 16] as const).map((d) => [id, d, values] as const)),
  )('%s in %i bit, %j', async (operation, depth, parameters) => {
    const result = await inGimp(operation, depth, parameters);
    expect(result.end).toMatchObject({ ok: true });
    const expected = await onCommandLine(operation, depth, parameters, result.selection);
    const { space } = expected[0]!;
    const made = newLayers(result.layers, expected.length);
    expect(made.map((layer) => layer.name)).toEqual(expected.map((patch) => patch.name));
    for (const [index, patch] of expected.entries()) {
      const layer = made[index]!;
      expect(boundsOfLayer(layer)).toEqual(patch.bounds);
      expect(largestDifference(await pixelsOf(layer, depth), patch.pixels.data)).toBe(0);
      expect(largestDifference(await maskOf(layer), patch.mask.data)).toBe(0);
    }
    expect(result.size).toEqual(
      space.kind === 'crop'
        ? [expected[0]!.pixels.width, expected[0]!.pixels.height]
        : [512, 512].map((side) => side * (space.kind === 'enlarged' ? space.factor : 1)),
    );
    expect(result.layers).toHaveLength(space.kind === 'crop' ? 1 : 2);
  });
});

const inBothDepths = (raster: Raster): Readonly<Record<8 | 16, Raster>> => ({
  8: raster,
  16: { ...raster, data: Uint16Array.from(raster.data, (value) => value * 257) },
});

/** Looks for the faces of a picture only once: it takes longer than all that is compared here. */
function findingOnce(processor: Processor): Processor {
  const found = new Map<Raster, ReturnType<Processor['findFaces']>>();
  return {
    ...processor,
    findFaces: (pixels) => {
      const known = found.get(pixels) ?? processor.findFaces(pixels);
      found.set(pixels, known);
      return known;
    },
  };
}

/** The layers that a run made, bottom to top as they were sent: one on top, or a group of them. */
function newLayers(layers: readonly LayerDump[], count: number): readonly LayerDump[] {
  const [top] = layers;
  return count === 1 ? [top!] : [...(top!.children ?? [])].reverse();
}

/** Stripes of every label's colour. */
const drawnSize = { width: 190, height: 160 };

/** Dark strokes on white paper. */
function sketch(): Raster {
  const { width, height } = drawnSize;
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1) {
    data.set(i % 10 < 3 ? [20, 20, 20, 255] : [255, 255, 255, 255], i * 4);
  }
  return { width, height, data };
}

function labelMap(): Raster {
  const { width, height } = drawnSize;
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1) {
    const { rgb } = labelPalette[Math.floor((i % width) / 10)]!;
    data.set([...rgb, 255], i * 4);
  }
  return { width, height, data };
}

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  drawn,
  drawnSize,
  installTinyNetworks,
  largestDifference,
  openCommandLine,
  photographFile,
  sameRuns,
  type CommandLine,
} from '../support/sameResult';
import type { FilterEnd } from './support/fakeBridge';
import { describeGimp } from './support/gimpRoot';
import { GimpSession } from './support/gimpSession';
import { startRealBridge, type RealBridge } from '../support/realBridge';
import { boundsOfLayer, maskOf, pixelsOf, type LayerDump } from './support/layerTree';

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
  let commandLine: CommandLine;

  beforeAll(async () => {
    const folder = await GimpSession.makeFolder();
    const home = GimpSession.userFolder(folder);
    await installTinyNetworks(home);
    commandLine = await openCommandLine(home);
    await copyFile(photographFile, join(folder, 'photo.png'));
    for (const [operation, { 8: raster }] of Object.entries(drawn)) {
      await writeFile(join(folder, operation), raster.data);
    }
    bridge = await startRealBridge(home);
    gimp = await GimpSession.start(folder, { bridgePort: bridge.port });
  });
  afterAll(async () => {
    await gimp.close();
    await bridge.stop();
    await commandLine.close();
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

  test.each(sameRuns)('%s in %i bit, %j', async (operation, depth, parameters) => {
    const result = await inGimp(operation, depth, parameters);
    expect(result.end).toMatchObject({ ok: true });
    const selection = await readFile(result.selection);
    const expected = await commandLine.run(operation, depth, parameters, selection);
    const { space } = expected[0]!;
    const made = newLayers(result.layers, expected.length);
    expect(made.map((layer) => layer.name)).toEqual(
      expected.map(({ name, seed }) =>
        // In a group what tells layers apart comes first.
        expected.length === 1 ? name : expect.stringMatching(`^seed ${seed} · `),
      ),
    );
    expect(made.map((layer) => layer.visible)).toEqual(expected.map((_, index) => index === 0));
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

/** The layers that a run made, bottom to top as they were sent: one on top, or a group of them. */
function newLayers(layers: readonly LayerDump[], count: number): readonly LayerDump[] {
  const [top] = layers;
  return count === 1 ? [top!] : [...(top!.children ?? [])].reverse();
}

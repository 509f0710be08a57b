import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bounds } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import { startRealBridge, type RealBridge } from '../support/realBridge';
import {
  drawn,
  installTinyNetworks,
  largestDifference,
  openCommandLine,
  photographFile,
  sameRuns,
  type CommandLine,
} from '../support/sameResult';
import { describeKrita, KritaSession, type LayerDump } from './support/kritaSession';

interface Result {
  readonly message: string;
  /** The new layers of the document that is in front afterwards, bottom to top. */
  readonly made: readonly LayerDump[];
  readonly outline: string;
  readonly size: readonly [number, number];
}

describeKrita('the same pixels through Krita as on the command line', () => {
  let krita: KritaSession;
  let bridge: RealBridge;
  let commandLine: CommandLine;

  beforeAll(async () => {
    const folder = await KritaSession.makeFolder();
    const home = KritaSession.userFolder(folder);
    await installTinyNetworks(home);
    commandLine = await openCommandLine(home);
    await copyFile(photographFile, join(folder, 'photo.png'));
    bridge = await startRealBridge(home);
    krita = await KritaSession.start(folder, bridge.port);
  });
  afterAll(async () => {
    await krita.close();
    await bridge.stop();
    await commandLine.close();
  });

  /** Runs an operation on a fresh photograph (or what it reads instead), with a part selected. */
  const inKrita = (
    operation: string,
    depth: 8 | 16,
    parameters: Readonly<Record<string, string | number>>,
    source: Raster,
    bounds: readonly Bounds[],
  ): Promise<Result> =>
    krita.run(`
${
  operation in drawn || depth === 16
    ? `
document = new_document(${source.width}, ${source.height}, depth='U${depth}')
document.rootNode().childNodes()[0].setPixelData(
    QByteArray((HERE / 'picture').read_bytes()), 0, 0, ${source.width}, ${source.height})`
    : `document = show(app.openDocument(str(HERE / 'photo.png')))`
}
selection = Selection()
selection.select(${selected.left}, ${selected.top}, ${selected.width}, ${selected.height}, 255)
document.setSelection(selection)
document.waitForDone()
choose('operation', '${operation}')
for name, value in ${JSON.stringify(parameters)}.items(): set_parameter(name, value)
run()
def answer():
    if at_rest() is None: return None
    made = app.activeDocument()
    made.waitForDone()
    top = [node for node in made.topLevelNodes() if not node.type().endswith('mask')][-1]
    layers = top.childNodes() if top.type() == 'grouplayer' else [top]
    return {
        'message': at_rest()[0], 'outline': names(made.rootNode()), 'size': [made.width(), made.height()],
        'made': [describe(layer, bounds) for layer, bounds in zip(layers, ${JSON.stringify(bounds)})],
    }
`);

  test.each(sameRuns)('%s in %i bit, %j', async (operation, depth, parameters) => {
    const source = commandLine.picture(operation, depth);
    const expected = await commandLine.run(operation, depth, parameters, selectionOf(source));
    await writeFile(join(krita.folder, 'picture'), swapped(source.data));
    const bounds = expected.map((patch) => patch.bounds);
    const result = await inKrita(operation, depth, parameters, source, bounds);
    expect(result.message).toBe('Done.');
    expect(result.made).toHaveLength(expected.length);
    for (const [index, { pixels, mask }] of expected.entries()) {
      const layer = result.made[index]!;
      expect(
        largestDifference(samplesOf(await readFile(layer.pixels), depth), swapped(pixels.data)),
      ).toBe(0);
      expect(largestDifference(await readFile(layer.mask!), mask.data)).toBe(0);
    }
    const { space } = expected[0]!;
    const factor = space.kind === 'enlarged' ? space.factor : 1;
    const { width, height } = space.kind === 'crop' ? expected[0]!.pixels : source;
    expect(result.size).toEqual([width * factor, height * factor]);
    expect(result.outline.endsWith(', Background')).toBe(space.kind !== 'crop');
  });
});

const selected = { left: 196, top: 128, width: 60, height: 34 };

function selectionOf({ width, height }: Raster): Uint8Array {
  const { left, top, width: across, height: down } = selected;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) - left, Math.floor(i / width) - top];
    return x >= 0 && x < across && y >= 0 && y < down ? 255 : 0;
  });
}

const samplesOf = (bytes: Buffer, depth: 8 | 16): Uint8Array | Uint16Array =>
  depth === 8 ? bytes : new Uint16Array(Uint8Array.from(bytes).buffer);

/** Krita keeps blue first. */
function swapped<T extends Uint8Array | Uint16Array>(values: T): T {
  return values.map((_, i) => values[i % 4 === 0 ? i + 2 : i % 4 === 2 ? i - 2 : i]!) as T;
}

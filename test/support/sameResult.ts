import { join } from 'node:path';
import { applyToRaster } from '../../bridge-server/cli/applyToRaster';
import { readImage } from '../../bridge-server/image/readImage';
import { importCheckpoint } from '../../bridge-server/models/importCheckpoint';
import { openProcessor } from '../../bridge-server/openProcessor';
import { partPalette } from '../../bridge-server/faces';
import type { LayerPatch } from '../../bridge-server/processor/job';
import type { Processor } from '../../bridge-server/processor/processor';
import { operations } from '../../bridge-server/operations/registry';
import type { ParameterValues } from '../../protocol/parameter';
import type { Mask, Raster } from '../../protocol/raster';

/*
 * The same photograph, operation, seed and settings give the same pixels in every host. Each host's suite
 * holds its layers to what the command line's own way gives on this machine.
 */

const fixtures = join(__dirname, '..', 'fixtures');
export const photographFile = join(fixtures, 'astronaut.png');

/** Small networks with random weights, one for every operation: what they draw is not the point. */
const networks: Readonly<Record<string, string>> = {
  'tiny-encode': 'reconstruct',
  'tiny-sketch': 'sketch-to-face',
  'tiny-seg': 'labels-to-face',
};
const alsoFrom: readonly string[] = ['frontalize', 'inpaint', 'super-resolve', 'toonify'];

/** Into a user's folder, before a bridge or `openCommandLine` opens it. */
export async function installTinyNetworks(home: string): Promise<void> {
  const install = (fixture: string, operation: string): Promise<unknown> =>
    importCheckpoint({
      file: join(fixtures, 'psp', fixture, 'checkpoint.pt'),
      modelsFolder: join(home, 'models'),
      name: `tiny-${operation}`,
      operation,
    });
  for (const [fixture, operation] of Object.entries(networks)) await install(fixture, operation);
  for (const operation of alsoFrom) await install('tiny-encode', operation);
}

/** What every host is asked for, the parameters by their names on the wire. */
export const sameCases: readonly (readonly [string, Readonly<Record<string, string | number>>])[] =
  [
    ['reconstruct', {}],
    ['frontalize', { area: 'face' }],
    // By the starter, which has directions.
    ['edit', { smile: 0.5, likeness: 'fast' }],
    ['super-resolve', { size: 'in-place' }],
    ['super-resolve', { size: 'x2' }],
    ['super-resolve', { size: 'native' }],
    ['inpaint', {}],
    ['resample-style', { variants: 2, seed: 4294967295 }],
    ['sketch-to-face', { variants: 2, seed: 7 }],
    ['labels-to-face', { variants: 1, seed: 7 }],
    ['toonify', {}],
  ];

export interface CommandLine {
  /** The photograph, or what is no photograph, in 8 or 16 bit. */
  picture(operation: string, depth: 8 | 16): Raster;
  /** @param selection read by operations that fill a hole, one byte a pixel of the picture */
  run(
    operation: string,
    depth: 8 | 16,
    parameters: ParameterValues,
    selection: Uint8Array,
  ): Promise<readonly LayerPatch[]>;
  close(): Promise<void>;
}

/** The command line's way from a picture to layers, in this process, on the processor's own arithmetic. */
export async function openCommandLine(home: string): Promise<CommandLine> {
  process.env['PSP_LAYERS_HOME'] = home;
  process.env['PSP_LAYERS_PROVIDER'] = 'cpu';
  const processor = findingOnce(await openProcessor());
  const photo = inBothDepths(await readImage(photographFile));
  const picture = (operation: string, depth: 8 | 16): Raster => (drawn[operation] ?? photo)[depth];
  return {
    picture,
    async run(operation, depth, parameters, selection) {
      const source = picture(operation, depth);
      const { declaration } = operations.find(operation);
      const mask: Mask = { width: source.width, height: source.height, data: selection };
      const { patches } = await applyToRaster(
        processor,
        source,
        {
          operation: declaration,
          model: null,
          faces: 'all',
          parameters,
          mask: declaration.mask === 'required' ? mask : null,
          latents: null,
          wholeLayer: false,
        },
        { signal: new AbortController().signal, onProgress: () => undefined },
      );
      return patches;
    },
    close: () => processor.close(),
  };
}

const inBothDepths = (raster: Raster): Readonly<Record<8 | 16, Raster>> => ({
  8: raster,
  16: { ...raster, data: Uint16Array.from(raster.data, (value) => value * 257) },
});

/** Looks for the faces of a picture only once: it takes longer than all that is compared. */
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

export const drawnSize = { width: 190, height: 160 };

/** What is no photograph, by the operation that reads it. */
export const drawn: Readonly<Record<string, Readonly<Record<8 | 16, Raster>>>> = {
  'labels-to-face': inBothDepths(labelMap()),
  'sketch-to-face': inBothDepths(sketch()),
};

/** Dark strokes on white paper. */
function sketch(): Raster {
  return drawnBy((_x, i) => (i % 10 < 3 ? [20, 20, 20] : [255, 255, 255]));
}

/** Stripes of every label's colour. */
function labelMap(): Raster {
  return drawnBy((x) => partPalette[Math.floor(x / 10)]!.rgb);
}

function drawnBy(colour: (x: number, i: number) => readonly number[]): Raster {
  const { width, height } = drawnSize;
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1) data.set([...colour(i % width, i), 255], i * 4);
  return { width, height, data };
}

/** Infinite where their lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

/** All of `sameCases` in both depths. */
export const sameRuns = sameCases.flatMap(([id, values]) =>
  ([8, 16] as const).map((depth) => [id, depth, values] as const),
);

import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Application } from '../bridge-server/cli/application';
import { applyToRaster } from '../bridge-server/cli/applyToRaster';
import { processTerminal, progressLine } from '../bridge-server/cli/terminal';
import { versionOf } from '../bridge-server/documents/fileVersion';
import { patchLayers } from '../bridge-server/documents/patchLayers';
import { writeLayeredDocument } from '../bridge-server/documents/writeLayeredDocument';
import { packageFolder } from '../bridge-server/folders';
import { compositeLayer } from '../bridge-server/image/compositeLayer';
import { cropRaster } from '../bridge-server/image/cropRaster';
import { pictureColor } from '../bridge-server/image/pictureColor';
import { readPhotograph } from '../bridge-server/image/readPhotograph';
import { resizeRaster } from '../bridge-server/image/resizeRaster';
import { encodePng } from '../bridge-server/image/writePng';
import { openProcessor } from '../bridge-server/openProcessor';
import type { Processor } from '../bridge-server/processor/processor';
import type { LayerPatch } from '../bridge-server/processor/job';
import { operations } from '../bridge-server/operations/registry';
import { toPspError } from '../protocol/errors';
import { faceRegion, type Face } from '../protocol/face';
import type { ParameterValues } from '../protocol/parameter';
import type { Bounds } from '../protocol/geometry';
import type { Mask, Raster } from '../protocol/raster';
import type { NewLayer } from '../psd';

/**
 * Photographs in, a layered PSD each and one side-by-side picture out: what a new user should see first.
 * `npm run demo -- [PHOTOGRAPH …]`; without one, the astronaut.
 */

const tile = 256;
/** Pictures in a row of the sheet. */
const perRow = 6;
/** How many times the photograph is shrunk before super-resolve is shown on it. */
const shrunk = 4;

async function demo(photographs: readonly string[], outputFolder: string): Promise<void> {
  const terminal = processTerminal();
  const processor = await openProcessor();
  terminal.log(`Networks run on: ${processor.report.device}`);
  await mkdir(outputFolder, { recursive: true });
  const shown: Raster[] = [];
  for (const photograph of photographs) {
    const psd = join(outputFolder, `${basename(photograph, extname(photograph))}.psd`);
    shown.push(...(await applyAll(processor, photograph, psd)));
    terminal.out(psd);
  }
  await processor.close();
  const png = join(outputFolder, 'side-by-side.png');
  await writeFile(png, await encodePng(sheetOf(shown)));
  terminal.out(png);
}

/** What the sliders of Edit do, one at a time. */
const edits: readonly ParameterValues[] = [
  { head: -15 },
  { smile: 0.8 },
  { age: 10 },
  { lightSide: 0.6 },
];

/**
 * Every operation on one photograph, as layers of a PSD.
 * @returns two rows of pictures of its face: the photograph and what became of it
 */
async function applyAll(
  processor: Processor,
  photograph: string,
  psd: string,
): Promise<readonly Raster[]> {
  const picture = await readPhotograph(photograph);
  const { toSrgb, fromSrgb } = await pictureColor(picture.profile);
  const source = await toSrgb(picture.pixels);
  const [face] = await processor.findFaces(source);
  if (!face) throw new Error(`No face was found in ${photograph}.`);
  const layers: NewLayer[] = [];

  async function apply(
    to: Raster,
    id: string,
    parameters: ParameterValues = {},
    mask: Mask | null = null,
  ): Promise<readonly Raster[]> {
    const terminal = processTerminal();
    const operation = operations.find(id).declaration;
    const start = performance.now();
    const step: Application = {
      operation,
      model: null,
      faces: 'largest',
      parameters,
      mask,
      latents: null,
      wholeLayer: false,
    };
    const { patches } = await applyToRaster(processor, to, step, {
      signal: new AbortController().signal,
      onProgress: (progress) => terminal.progress(progressLine(progress)),
    });
    const milliseconds = (performance.now() - start).toFixed(0);
    for (const patch of patches) {
      terminal.log(`${patch.name}   ${milliseconds} ms`);
      if (to !== source) continue;
      const inProfile = { ...patch, pixels: await fromSrgb(patch.pixels) };
      layers.push(...patchLayers([inProfile], operation.label));
    }
    return patches.map((patch) => laidOn(to, patch));
  }

  const hole = scratch(face, source);
  const coarse = await shrinkAndEnlarge(source);
  const shown = [
    source,
    ...(await apply(source, 'frontalize')),
    coarse,
    ...(await apply(coarse, 'super-resolve')),
    erased(source, hole),
    ...(await apply(source, 'inpaint', {}, hole)),
  ];
  for (const parameters of edits) shown.push(...(await apply(source, 'edit', parameters)));
  shown.push(...(await apply(source, 'resample-style', { variants: 2, seed: 7 })));

  const target = { file: psd, replaces: await versionOf(psd) };
  await writeLayeredDocument(target, picture, layers.map(hideUnlessFrontal));
  const crop = faceRegion(face, boundsOf(source));
  return Promise.all(shown.map((each) => resizeRaster(cropRaster(each, crop), tile, tile)));
}

const boundsOf = ({ width, height }: Raster): Bounds => ({
  left: 0,
  top: 0,
  right: width,
  bottom: height,
});

/** What a much smaller picture would say, at the size of this one. */
async function shrinkAndEnlarge(source: Raster): Promise<Raster> {
  const { width, height } = source;
  const small = await resizeRaster(source, Math.ceil(width / shrunk), Math.ceil(height / shrunk));
  return resizeRaster(small, width, height);
}

function laidOn(
  source: Raster,
  { pixels, mask, bounds }: Pick<LayerPatch, 'pixels' | 'mask' | 'bounds'>,
): Raster {
  const picture: Raster = { ...source, data: source.data.slice() };
  compositeLayer(picture, pixels, mask, bounds);
  return picture;
}

/** Black in the hole. */
function erased(source: Raster, mask: Mask): Raster {
  const black = new Uint8Array(source.data.length);
  for (let i = 3; i < black.length; i += 4) black[i] = 255;
  return laidOn(source, { pixels: { ...source, data: black }, mask, bounds: boundsOf(source) });
}

/** Every result covers the same face: one is shown, the others wait in the layers list. */
const hideUnlessFrontal = (layer: NewLayer): NewLayer => ({
  ...layer,
  visible: layer.name.startsWith('Frontalize'),
});

/** A scratch across one eye and cheek: what inpainting is shown on. */
function scratch({ landmarks }: Face, { width, height }: Raster): Mask {
  const { leftEye: from, rightMouth: to, rightEye } = landmarks;
  const radius = Math.hypot(rightEye.x - from.x, rightEye.y - from.y) * 0.22;
  const data = new Uint8Array(width * height);
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  for (let i = 0; i < data.length; i += 1) {
    const x = (i % width) + 0.5 - from.x;
    const y = Math.floor(i / width) + 0.5 - from.y;
    const along = Math.min(1, Math.max(0, (x * dx + y * dy) / (dx * dx + dy * dy)));
    if (Math.hypot(x - along * dx, y - along * dy) <= radius) data[i] = 255;
  }
  return { width, height, data };
}

/** Square tiles as one picture, row by row. */
function sheetOf(tiles: readonly Raster[]): Raster {
  const width = Math.min(perRow, tiles.length) * tile;
  const height = Math.ceil(tiles.length / perRow) * tile;
  const sheet: Raster = { width, height, data: new Uint8Array(width * height * 4).fill(255) };
  const mask: Mask = { width: tile, height: tile, data: new Uint8Array(tile * tile).fill(255) };
  tiles.forEach((picture, i) => {
    const [left, top] = [(i % perRow) * tile, Math.floor(i / perRow) * tile];
    compositeLayer(sheet, picture, mask, { left, top, right: left + tile, bottom: top + tile });
  });
  return sheet;
}

const photographs = process.argv.slice(2);
const astronaut = join(packageFolder, 'test', 'fixtures', 'astronaut.png');
demo(photographs.length > 0 ? photographs : [astronaut], 'demo-output').catch((error: unknown) => {
  processTerminal().log(`demo: ${toPspError(error).message}`);
  process.exitCode = 1;
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyToRaster, type Application } from '../bridge-server/cli/applyToRaster';
import { processTerminal, progressLine } from '../bridge-server/cli/terminal';
import { patchLayers } from '../bridge-server/documents/patchLayers';
import { writeLayeredDocument } from '../bridge-server/documents/writeLayeredDocument';
import { packageFolder } from '../bridge-server/folders';
import { compositeLayer } from '../bridge-server/image/compositeLayer';
import { cropRaster } from '../bridge-server/image/cropRaster';
import { readImage } from '../bridge-server/image/readImage';
import { resizeRaster } from '../bridge-server/image/resizeRaster';
import { encodePng } from '../bridge-server/image/writePng';
import { openProcessor } from '../bridge-server/openProcessor';
import type { LayerPatch } from '../bridge-server/operations/job';
import { operations } from '../bridge-server/operations/registry';
import { toPspError } from '../protocol/errors';
import { faceRegion, type Face } from '../protocol/face';
import type { Bounds } from '../protocol/geometry';
import type { Mask, Raster } from '../protocol/raster';
import type { NewLayer } from '../psd';

/** A photograph in, a layered PSD and a side-by-side picture out: what a new user should see first. */

const tile = 256;

async function demo(photograph: string, outputFolder: string): Promise<void> {
  const terminal = processTerminal();
  const processor = await openProcessor();
  terminal.log(`Networks run on: ${processor.report.device}`);
  const source = await readImage(photograph);
  const [face] = await processor.findFaces(source);
  if (!face) throw new Error(`No face was found in ${photograph}.`);
  const hole = scratch(face, source);

  const common = {
    model: null,
    faces: 'largest',
    parameters: {},
    mask: null,
    latents: null,
    wholeLayer: false,
  } as const;
  const steps: readonly Application[] = [
    { ...common, operation: 'reconstruct' },
    { ...common, operation: 'frontalize' },
    { ...common, operation: 'super-resolve' },
    { ...common, operation: 'inpaint', mask: hole },
    { ...common, operation: 'resample-style', parameters: { variants: 3, seed: 7 } },
  ];
  const patches: LayerPatch[] = [];
  const layers: NewLayer[] = [];
  for (const step of steps) {
    const start = performance.now();
    const result = await applyToRaster(processor, source, step, {
      signal: new AbortController().signal,
      onProgress: (progress) => terminal.progress(progressLine(progress)),
    });
    patches.push(...result.patches);
    layers.push(...patchLayers(result.patches, operations[step.operation].declaration.label));
    const milliseconds = (performance.now() - start).toFixed(0);
    for (const patch of result.patches) terminal.log(`${patch.name}   ${milliseconds} ms`);
  }
  await processor.close();

  await mkdir(outputFolder, { recursive: true });
  const psd = join(outputFolder, 'astronaut.psd');
  await writeLayeredDocument(psd, source, layers.map(hideUnlessFrontal));
  const png = join(outputFolder, 'astronaut.png');
  const crop = faceRegion(face, { left: 0, top: 0, right: source.width, bottom: source.height });
  await writeFile(png, await sideBySide(source, hole, patches, crop));
  terminal.out(psd);
  terminal.out(png);
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

/** The source's face and every result beside it; the inpainted one after the picture with its hole. */
async function sideBySide(
  source: Raster,
  hole: Mask,
  patches: readonly LayerPatch[],
  crop: Bounds,
): Promise<Buffer> {
  const holed: Raster = { ...source, data: source.data.slice() };
  const black = new Uint8Array(source.data.length);
  for (let i = 3; i < black.length; i += 4) black[i] = 255;
  const whole = { left: 0, top: 0, right: source.width, bottom: source.height };
  compositeLayer(holed, { ...source, data: black }, hole, whole);

  const pictures: Raster[] = [source];
  for (const patch of patches) {
    if (patch.name.startsWith('Inpaint')) pictures.push(holed);
    const picture: Raster = { ...source, data: source.data.slice() };
    compositeLayer(picture, patch.pixels, patch.mask, patch.bounds);
    pictures.push(picture);
  }
  const columns = Math.ceil(pictures.length / 2);
  const sheet: Raster = {
    width: columns * tile,
    height: 2 * tile,
    data: new Uint8Array(columns * 2 * tile * tile * 4).fill(255),
  };
  const opaque: Mask = { width: tile, height: tile, data: new Uint8Array(tile * tile).fill(255) };
  for (const [index, picture] of pictures.entries()) {
    const left = (index % columns) * tile;
    const top = Math.floor(index / columns) * tile;
    const small = await resizeRaster(cropRaster(picture, crop), tile, tile);
    const bounds = { left, top, right: left + tile, bottom: top + tile };
    compositeLayer(sheet, small, opaque, bounds);
  }
  return encodePng(sheet);
}

const [photograph = join(packageFolder, 'test', 'fixtures', 'astronaut.png')] =
  process.argv.slice(2);
demo(photograph, 'demo-output').catch((error: unknown) => {
  processTerminal().log(`demo: ${toPspError(error).message}`);
  process.exitCode = 1;
});

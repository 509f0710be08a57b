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
import type { OperationDeclaration } from '../protocol/operation';
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

const tile = 192;

async function demo(photographs: readonly string[], outputFolder: string): Promise<void> {
  const terminal = processTerminal();
  const processor = await openProcessor();
  terminal.log(`Networks run on: ${processor.report.device}`);
  await mkdir(outputFolder, { recursive: true });
  const shown: Shown[] = [];
  for (const photograph of photographs) {
    const psd = join(outputFolder, `${basename(photograph, extname(photograph))}.psd`);
    shown.push(await applyAll(processor, photograph, psd));
    terminal.out(psd);
  }
  await processor.close();
  for (const [name, rows] of [
    ['side-by-side.png', shown.map(({ operations: row }) => row)],
    ['edits.png', shown.map(({ edits: row }) => row)],
  ] as const) {
    const png = join(outputFolder, name);
    await writeFile(png, await encodePng(sheetOf(rows)));
    terminal.out(png);
  }
}

/** Rows of pictures that begin with the photograph. */
interface Shown {
  readonly operations: readonly Raster[];
  readonly edits: readonly Raster[];
}

/** What the sliders of Edit do, one at a time. */
const edits: readonly ParameterValues[] = [
  { head: -15 },
  { smile: 0.8 },
  { age: 10 },
  { lightSide: 0.6 },
];

/** Every operation on one photograph, as layers of a PSD; returns the pictures that show them. */
async function applyAll(processor: Processor, photograph: string, psd: string): Promise<Shown> {
  const terminal = processTerminal();
  const picture = await readPhotograph(photograph);
  const { toSrgb, fromSrgb } = await pictureColor(picture.profile);
  const source = await toSrgb(picture.pixels);
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
  const declared = (id: string): OperationDeclaration => operations.find(id).declaration;
  const steps: readonly Application[] = [
    { ...common, operation: declared('reconstruct') },
    { ...common, operation: declared('frontalize') },
    { ...common, operation: declared('super-resolve') },
    { ...common, operation: declared('inpaint'), mask: hole },
    { ...common, operation: declared('resample-style'), parameters: { variants: 3, seed: 7 } },
    ...edits.map((parameters) => ({ ...common, operation: declared('edit'), parameters })),
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
    const inProfile: LayerPatch[] = [];
    for (const patch of result.patches) {
      inProfile.push({ ...patch, pixels: await fromSrgb(patch.pixels) });
    }
    layers.push(...patchLayers(inProfile, step.operation.label));
    const milliseconds = (performance.now() - start).toFixed(0);
    for (const patch of result.patches) terminal.log(`${patch.name}   ${milliseconds} ms`);
  }
  const target = { file: psd, replaces: await versionOf(psd) };
  await writeLayeredDocument(target, picture, layers.map(hideUnlessFrontal));
  const crop = faceRegion(face, { left: 0, top: 0, right: source.width, bottom: source.height });
  const isEdit = ({ name }: LayerPatch): boolean => name.startsWith('Edit');
  const others = patches.filter((patch) => !isEdit(patch));
  return {
    operations: await sideBySide(source, hole, others, crop),
    edits: await sideBySide(source, hole, patches.filter(isEdit), crop),
  };
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
function sideBySide(
  source: Raster,
  hole: Mask,
  patches: readonly LayerPatch[],
  crop: Bounds,
): Promise<readonly Raster[]> {
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
  return Promise.all(
    pictures.map((picture) => resizeRaster(cropRaster(picture, crop), tile, tile)),
  );
}

/** Equally long rows of square tiles as one picture. */
function sheetOf(rows: readonly (readonly Raster[])[]): Raster {
  const width = (rows[0]?.length ?? 0) * tile;
  const height = rows.length * tile;
  const sheet: Raster = { width, height, data: new Uint8Array(width * height * 4).fill(255) };
  const opaque: Mask = { width: tile, height: tile, data: new Uint8Array(tile * tile).fill(255) };
  for (const [row, pictures] of rows.entries()) {
    for (const [column, picture] of pictures.entries()) {
      const [left, top] = [column * tile, row * tile];
      const bounds = { left, top, right: left + tile, bottom: top + tile };
      compositeLayer(sheet, picture, opaque, bounds);
    }
  }
  return sheet;
}

const photographs = process.argv.slice(2);
const astronaut = join(packageFolder, 'test', 'fixtures', 'astronaut.png');
demo(photographs.length > 0 ? photographs : [astronaut], 'demo-output').catch((error: unknown) => {
  processTerminal().log(`demo: ${toPspError(error).message}`);
  process.exitCode = 1;
});

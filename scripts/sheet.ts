import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processTerminal } from '../bridge-server/cli/terminal';
import { cropRaster } from '../bridge-server/image/cropRaster';
import { isPictureName } from '../protocol/pictureFiles';
import { readImage } from '../bridge-server/image/readImage';
import { resizeRaster } from '../bridge-server/image/resizeRaster';
import { encodePng } from '../bridge-server/image/writePng';
import { openProcessor } from '../bridge-server/openProcessor';
import { runToEnd } from '../bridge-server/processor/runToEnd';
import type { Processor } from '../bridge-server/processor/processor';
import { toPspError } from '../protocol/errors';
import { faceRegion, type Face } from '../protocol/face';
import { intersectBounds, type Bounds } from '../protocol/geometry';
import type { Patch } from '../protocol/job';
import type { ParameterValues } from '../protocol/parameter';
import type { Mask, Raster } from '../protocol/raster';

/** Pixels a side of one picture on the sheet. */
const tile = 512;

interface Column {
  readonly operation: string;
  readonly parameters: ParameterValues;
  /** How many times the photograph was shrunk and enlarged again. */
  readonly shrunk?: number;
}

/** The columns after the photograph: what users ask for most, each way of composing among them. */
const columns: readonly Column[] = [
  { operation: 'edit', parameters: { smile: 0.6 } },
  { operation: 'edit', parameters: { head: 15 } },
  { operation: 'frontalize', parameters: {} },
  { operation: 'resample-style', parameters: { variants: 1, styles: ['fine'] } },
  { operation: 'inpaint', parameters: {} },
  { operation: 'super-resolve', parameters: { shrink: '4' }, shrunk: 4 },
];

/**
 * `npm run sheet -- FOLDER OUTPUT.png`: the first twelve photographs of a folder, each with
 * every operation as the document would show it, to be looked at in full size. 8-bit pictures.
 */
async function main(folder: string, output: string): Promise<void> {
  const terminal = processTerminal();
  const processor = await openProcessor();
  const names = (await readdir(folder)).filter(isPictureName).sort().slice(0, 12);
  const rows: Raster[][] = [];
  for (const name of names) {
    const photograph = await readImage(join(folder, name));
    const [face] = await processor.findFaces(photograph);
    if (!face) terminal.out(`${name}: no face`);
    else
      rows.push(
        await rowOf(processor, photograph, face, (line) => terminal.out(`${name} ${line}`)),
      );
  }
  await processor.close();
  await writeFile(output, await encodePng(assemble(rows)));
}

function assemble(rows: readonly (readonly Raster[])[]): Raster {
  const width = tile * (columns.length + 1);
  const height = tile * Math.max(1, rows.length);
  const data = new Uint8Array(width * height * 4).fill(255);
  for (const [row, pictures] of rows.entries()) {
    for (const [column, picture] of pictures.entries()) {
      for (let y = 0; y < picture.height; y++) {
        const line = picture.data.subarray(y * picture.width * 4, (y + 1) * picture.width * 4);
        data.set(line, ((row * tile + y) * width + column * tile) * 4);
      }
    }
  }
  return { width, height, data };
}

async function rowOf(
  processor: Processor,
  photograph: Raster,
  face: Face,
  say: (line: string) => void,
): Promise<Raster[]> {
  const whole = { left: 0, top: 0, right: photograph.width, bottom: photograph.height };
  const bounds = intersectBounds(faceRegion(face, whole), whole);
  const pixels = cropRaster(photograph, bounds);
  const shown = [await tileOf(pixels)];
  for (const { operation, parameters, shrunk = 1 } of columns) {
    const given = await coarser(pixels, shrunk);
    const hole = operation === 'inpaint' ? holeOverMouth(face, bounds) : null;
    const region = { bounds, pixels: given, face, faceNumber: 1, hole, latents: null };
    const job = { operation, model: null, parameters, regions: [region] };
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    try {
      const { patches } = await runToEnd(processor, job, options);
      const [patch] = patches;
      say(`${operation} likeness ${patch!.identity?.toFixed(2) ?? '–'}`);
      shown.push(await tileOf(laidOver(given, bounds, patch!)));
    } catch (error) {
      say(`${operation}: ${toPspError(error).message}`);
      shown.push({ width: 0, height: 0, data: new Uint8Array(0) });
    }
  }
  return shown;
}

async function coarser(picture: Raster, times: number): Promise<Raster> {
  if (times === 1) return picture;
  const { width, height } = picture;
  const small = await resizeRaster(picture, Math.ceil(width / times), Math.ceil(height / times));
  return resizeRaster(small, width, height);
}

/** From the nose to below the mouth, as wide as the eyes are apart. */
function holeOverMouth({ landmarks }: Face, { left, top, right, bottom }: Bounds): Mask {
  const { leftEye, rightEye, leftMouth, rightMouth } = landmarks;
  const [width, height] = [right - left, bottom - top];
  const mouth = (leftMouth.y + rightMouth.y) / 2;
  const eyes = (leftEye.y + rightEye.y) / 2;
  const [first, last] = [eyes + 0.45 * (mouth - eyes), mouth + 0.35 * (mouth - eyes)];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    if (y + top < first || y + top > last) continue;
    for (let x = 0; x < width; x++) {
      if (x + left >= leftEye.x && x + left <= rightEye.x) data[y * width + x] = 255;
    }
  }
  return { width, height, data };
}

function laidOver(region: Raster, { left, top }: Bounds, patch: Patch): Raster {
  const { bounds, pixels, mask } = patch;
  const data = region.data.slice();
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      const from = y * mask.width + x;
      const to = ((y + bounds.top - top) * region.width + x + bounds.left - left) * 4;
      const weight = (mask.data[from]! / 255) * (pixels.data[from * 4 + 3]! / 255);
      for (let c = 0; c < 3; c++) {
        data[to + c] = Math.round(
          data[to + c]! * (1 - weight) + pixels.data[from * 4 + c]! * weight,
        );
      }
    }
  }
  return { ...region, data };
}

/** As large as the tile lets it be. */
function tileOf(raster: Raster): Promise<Raster> {
  const scale = tile / Math.max(raster.width, raster.height);
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  return resizeRaster(raster, side(raster.width), side(raster.height));
}

const [folder, output] = process.argv.slice(2);
if (!folder || !output) throw new Error('Give the folder of photographs and the file to write.');
void main(folder, output);

import { opaqueRaster, resizePlanes, type FacePlanes } from '../../../bridge-server/faces';
import { encodePng } from '../../../bridge-server/image/writePng';
import type { Engine } from '../../../bridge-server/inference/engine';
import { shrinkBicubic } from '../../../bridge-server/operations/super-resolve/shrinkBicubic';
import { readFaces } from './measurePhotographs';
import { openPass, size } from './pass';

const count = 8;
const factor = 8;
const tile = 192;
const whole = { left: 0, top: 0, side: 1 };

/** A row an operation, a column a photograph: what one pass makes of the first by name, as PNG. */
export async function drawSheet(
  engine: Engine,
  modelsFolder: string,
  folder: string,
): Promise<Uint8Array> {
  const faces = (await readFaces(engine, folder)).slice(0, count).map(({ aligned }) => aligned);
  const small = faces.map(({ rgb }) => ({ size, rgb: shrinkBicubic(rgb, size, factor) }));
  const rows: readonly (readonly [operation: string, inputs: readonly FacePlanes[]])[] = [
    ['reconstruct', faces],
    ['super-resolve', small],
    ['frontalize', faces],
  ];
  const width = faces.length * tile * 4;
  const data = new Uint8Array(rows.length * tile * width);
  for (const [row, [operation, inputs]] of rows.entries()) {
    const pass = await openPass(engine, modelsFolder, operation);
    for (const [column, face] of inputs.entries()) {
      const picture = opaqueRaster(resizePlanes(await pass.draw(face), whole, tile));
      for (let y = 0; y < tile; y += 1) {
        const line = picture.data.subarray(y * tile * 4, (y + 1) * tile * 4);
        data.set(line, (row * tile + y) * width + column * tile * 4);
      }
    }
  }
  return encodePng({ width: faces.length * tile, height: rows.length * tile, data });
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alignFace, opaqueRaster } from '../../../bridge-server/faces';
import { encodePng } from '../../../bridge-server/image/writePng';
import { sliders } from '../../../bridge-server/operations/edit/sliders';
import type { Raster } from '../../../protocol/raster';
import { readPhotographs, type Photograph } from './faces';
import type { Asked } from './measureEach';
import { createBench, over } from './measureLikeness';

const tile = 256;
const columns = 5;

/**
 * A picture for every photograph of a folder: a row a slider of Edit, a column a value from its lowest
 * to its highest, 0 in the middle, all as the document shows them.
 */
export async function drawStrips(
  { engine, models, folder, level, only, log }: Asked,
  out: string,
): Promise<void> {
  const bench = createBench(engine, models, 'remembering');
  await mkdir(out, { recursive: true });
  const photographs = await readPhotographs(bench.finder, folder);
  for (const photograph of photographs.filter(({ name }) => only.test(name))) {
    const [width, height] = [columns * tile, sliders.length * tile];
    const sheet = { width, height, data: new Uint8Array(width * height * 4) };
    for (const [row, { name, min, max, step }] of sliders.entries()) {
      for (const [column, share] of [min, min / 2, 0, max / 2, max].entries()) {
        const value = Number((Math.round(share / step) * step).toFixed(2));
        const edited =
          value === 0
            ? photograph.pixels
            : over(
                photograph.pixels,
                await bench.apply('edit', photograph, { [name]: value, likeness: level }),
              );
        addTile(sheet, { ...photograph, pixels: edited }, column, row);
      }
    }
    await writeFile(join(out, `${photograph.name}.png`), await encodePng(sheet));
    log(`${photograph.name}: ${sliders.map(({ name }) => name).join(', ')}`);
  }
}

/** Puts a face's crop into a sheet. */
function addTile(sheet: Raster, { pixels, face }: Photograph, column: number, row: number): void {
  const { data } = opaqueRaster(alignFace(pixels, face.quad, tile));
  for (let y = 0; y < tile; y += 1) {
    const line = data.subarray(y * tile * 4, (y + 1) * tile * 4);
    sheet.data.set(line, ((row * tile + y) * sheet.width + column * tile) * 4);
  }
}

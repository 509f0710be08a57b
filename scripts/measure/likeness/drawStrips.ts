import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { alignFace } from '../../../bridge-server/faces';
import { sliders } from '../../../bridge-server/operations/edit/sliders';
import { rasterOf, readPhotographs, type Photograph } from './faces';
import type { Asked } from './measureEach';
import { createBench, over } from './measureLikeness';

const tile = 256;

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
    const tiles: { input: Buffer; left: number; top: number }[] = [];
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
        const input = await tileOf({ ...photograph, pixels: edited });
        tiles.push({ input, left: column * tile, top: row * tile });
      }
    }
    const sheet = { width: 5 * tile, height: sliders.length * tile };
    const png = await sharp({ create: { ...sheet, channels: 3, background: 'white' } })
      .composite(tiles)
      .png()
      .toBuffer();
    await writeFile(join(out, `${photograph.name}.png`), png);
    log(`${photograph.name}: ${sliders.map(({ name }) => name).join(', ')}`);
  }
}

function tileOf({ pixels, face }: Pick<Photograph, 'pixels' | 'face'>): Promise<Buffer> {
  const { data, width, height } = rasterOf(alignFace(pixels, face.quad, tile));
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

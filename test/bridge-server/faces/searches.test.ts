import { join } from 'node:path';
import sharp from 'sharp';
import { createFaceFinder } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import type { Face } from '../../../protocol/face';
import type { Raster } from '../../../protocol/raster';
import { cpuEngine } from '../../support/faces';

// Many searches, and networks that take seconds where the machine is busy.
jest.setTimeout(240_000);

const photograph = join(__dirname, '..', '..', 'fixtures', 'astronaut.png');
let engine: Engine;
beforeAll(() => {
  engine = cpuEngine();
});
afterAll(() => engine.close());

const find = (raster: Raster): Promise<readonly Face[]> => createFaceFinder(engine).find(raster);

async function rasterOf(image: sharp.Sharp): Promise<Raster> {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Degrees clockwise from level, −180..180, of the line from eye to eye. */
function tilt({ landmarks: { leftEye, rightEye } }: Face): number {
  return (Math.atan2(rightEye.y - leftEye.y, rightEye.x - leftEye.x) * 180) / Math.PI;
}

const between = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);

test('a photograph turned by any angle shows one face, and which way it is up', async () => {
  const [upright] = await find(await rasterOf(sharp(photograph)));
  const wrong: string[] = [];
  for (let angle = 0; angle < 360; angle += 15) {
    const faces = await find(
      await rasterOf(sharp(photograph).rotate(angle, { background: '#777' })),
    );
    const good =
      faces.length === 1 &&
      faces[0]!.refusal === null &&
      between(tilt(faces[0]!) - angle, tilt(upright!)) < 10;
    if (!good) wrong.push(`${angle}: ${faces.map((face) => tilt(face).toFixed(0)).join(', ')}`);
  }
  expect(wrong).toEqual([]);
});

/** Of the FFHQ crop in the photograph, and of the piece around it that is pasted. */
const crop = 175.5;
const piece = { left: 110, top: 0, width: 230, height: 230 };

interface Place {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Squares from the largest to the smallest in rows of `width`. */
function packed(sides: readonly number[], width: number): readonly Place[] {
  const gap = 16;
  let [left, top, row] = [gap, gap, 0];
  return sides.map((side) => {
    if (left + side + gap > width) [left, top, row] = [gap, top + row + gap, 0];
    row = Math.max(row, side);
    const place = { left, top, side };
    left += side + gap;
    return place;
  });
}

test('of 40 faces with crops of 64 to 512 pixels all are found, and all upright', async () => {
  const sides = Array.from({ length: 40 }, (_, i) =>
    Math.round((64 * 8 ** (1 - i / 39) * piece.width) / crop),
  );
  const places = packed(sides, 3600);
  const height = Math.max(...places.map(({ top, side }) => top + side)) + 16;
  const pieces = places.map(async ({ left, top, side }) => ({
    input: await sharp(photograph).extract(piece).resize(side, side).png().toBuffer(),
    left,
    top,
  }));
  const create = { width: 3600, height, channels: 3, background: '#8a7f70' } as const;
  const group = await sharp({ create })
    .composite(await Promise.all(pieces))
    .png()
    .toBuffer();
  const faces = await find(await rasterOf(sharp(group)));
  const missing = places.filter(
    ({ left, top, side }) =>
      !faces.some((face) => {
        const { leftEye, rightEye } = face.landmarks;
        const x = (leftEye.x + rightEye.x) / 2;
        const y = (leftEye.y + rightEye.y) / 2;
        const inside = x > left && x < left + side && y > top && y < top + side;
        return inside && face.refusal === null && Math.abs(tilt(face)) < 15;
      }),
  );
  expect(missing).toEqual([]);
  expect(faces).toHaveLength(40);
});

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { alignFace, type AlignedFace, type FaceFinder } from '../../bridge-server/faces';
import { isPictureName } from '../../protocol/pictureFiles';
import { readImage } from '../../bridge-server/image/readImage';
import { encodePng } from '../../bridge-server/image/writePng';
import type { Raster } from '../../protocol/raster';

/** What the encoders see. */
const cropSide = 256;

/** Picture files below a folder, as paths relative to it with '/', in order. */
export async function picturesBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter(isPictureName)
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

/**
 * The FFHQ crop of every photograph's largest face as OUT/NAME.png, 256², and what the mesh says of it
 * in OUT/meta.jsonl: one object per crop with `id`, `yaw`, `quad` (the crop's side in the photograph's
 * pixels) and `score`.
 * @returns the photographs that show no usable face
 */
export async function alignFolder(
  finder: FaceFinder,
  folder: string,
  out: string,
): Promise<readonly string[]> {
  await mkdir(out, { recursive: true });
  const without: string[] = [];
  const lines: string[] = [];
  for (const name of (await readdir(folder)).filter(isPictureName).sort()) {
    const raster = await readImage(join(folder, name));
    const face = (await finder.find(raster)).find(({ refusal }) => refusal === null);
    if (!face) {
      without.push(name);
      continue;
    }
    const id = basename(name, extname(name));
    const [topLeft, topRight] = face.quad;
    const side = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);
    const measured = { yaw: face.yaw, quad: side, score: face.score };
    lines.push(
      JSON.stringify({ id, ...measured }, (_, v) => (typeof v === 'number' ? round(v) : v)),
    );
    const crop = opaque(alignFace(raster, face.quad, cropSide));
    await writeFile(join(out, `${id}.png`), await encodePng(crop));
  }
  await writeFile(join(out, 'meta.jsonl'), lines.map((line) => `${line}\n`).join(''));
  return without;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** An aligned face as 8-bit pixels; what was transparent is the mid-grey it lies over. */
function opaque({ size, rgb }: AlignedFace): Raster {
  const plane = size * size;
  const data = new Uint8Array(4 * plane).fill(255);
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) data[4 * i + c] = Math.round(rgb[c * plane + i]! * 255);
  }
  return { width: size, height: size, data };
}

import { join } from 'node:path';
import type { FaceFinder } from '../../bridge-server/faces';
import { readImage } from '../../bridge-server/image/readImage';
import { resizeRaster } from '../../bridge-server/image/resizeRaster';
import { picturesBelow } from './alignFolder';

/** Small results are enlarged to it: the finder refuses faces of too few pixels. */
const readSide = 256;

/** By picture, −1 … 1; `null` where no face with both eyes in place was found. */
export type Yaws = Readonly<Record<string, number | null>>;

/**
 * Yaw, as the product's own mesh reads it, of every picture below a folder. The pictures are aligned
 * faces of any size; keys are their paths relative to the folder, without the ending.
 */
export async function readYaws(finder: FaceFinder, folder: string): Promise<Yaws> {
  const yaws: Record<string, number | null> = {};
  for (const name of await picturesBelow(folder)) {
    const picture = await readImage(join(folder, name));
    const small = Math.max(picture.width, picture.height) < readSide;
    const face = (
      await finder.find(small ? await resizeRaster(picture, readSide, readSide) : picture)
    ).find(({ refusal }) => refusal === null);
    yaws[name.replace(/\.\w+$/, '')] = face ? Math.round(face.yaw * 1e4) / 1e4 : null;
  }
  return yaws;
}

export interface YawSummary {
  /** The folder within the one that was read; '.' for pictures that lie in it. */
  readonly folder: string;
  readonly pictures: number;
  readonly usable: number;
  /** Of the usable ones. */
  readonly meanAbsYaw: number;
}

export function summarize(yaws: Yaws): readonly YawSummary[] {
  const groups = new Map<string, (number | null)[]>();
  for (const [name, yaw] of Object.entries(yaws)) {
    const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '.';
    groups.set(folder, [...(groups.get(folder) ?? []), yaw]);
  }
  return [...groups].map(([folder, read]) => {
    const usable = read.filter((yaw) => yaw !== null);
    const sum = usable.reduce((total, yaw) => total + Math.abs(yaw), 0);
    const meanAbsYaw = sum / usable.length;
    return { folder, pictures: read.length, usable: usable.length, meanAbsYaw };
  });
}

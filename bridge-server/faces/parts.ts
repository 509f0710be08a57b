import type { Engine } from '../inference/engine';
import { enlarge } from './faceMask';
import { faceModel } from './models';
import { partPalette, type PartName } from '../../protocol/partPalette';
import { resizePlanes, type FacePlanes } from './planes';
import { seenPlanes, seenSide } from './seenPlanes';

/** How much of every pixel of an aligned face is which part. */
export interface FaceParts {
  readonly size: number;
  /** [19, size, size] in 0..1 in the palette's order; the shares of a pixel sum to 1. */
  readonly shares: Float32Array;
}

export interface PartsReader {
  /**
   * The parts of aligned faces, [19, 128, 128] each.
   * @throws PspError INFERENCE_FAILED, CANCELLED
   */
  read(faces: readonly FacePlanes[], signal?: AbortSignal): Promise<readonly FaceParts[]>;
}

/** The side at which faces are looked at; others are brought to it. */
export const partsSide = seenSide;
const wholePicture = { left: 0, top: 0, side: 1 };

export function createPartsReader(engine: Engine): PartsReader {
  return {
    async read(faces, signal) {
      if (faces.length === 0) return [];
      const plane = 3 * partsSide * partsSide;
      const data = new Float32Array(faces.length * plane);
      faces.forEach((face, i) => {
        const seen = seenPlanes(face);
        const fitting =
          seen.size === partsSide ? seen : resizePlanes(seen, wholePicture, partsSide);
        data.set(fitting.rgb, i * plane);
      });
      const { parts } = await engine.run(
        await faceModel('parts'),
        { image: { data, shape: [faces.length, 3, partsSide, partsSide] } },
        signal,
      );
      const length = parts!.data.length / faces.length;
      const size = parts!.shape[3]!;
      return faces.map((_, i) => ({
        size,
        shares: parts!.data.slice(i * length, (i + 1) * length),
      }));
    },
  };
}

/** How much of every pixel is one of the named parts, [size, size] in 0..1, at any size. */
export function partShare(
  parts: FaceParts,
  names: readonly PartName[],
  size: number = parts.size,
): Float32Array {
  const plane = parts.size ** 2;
  const sum = new Float32Array(plane);
  partPalette.forEach(({ name }, part) => {
    if (names.includes(name)) add(sum, parts.shares.subarray(part * plane, (part + 1) * plane));
  });
  return size === parts.size ? sum : enlarge(sum, parts.size, size);
}

function add(to: Float32Array, values: Float32Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += values[i]!;
}

/** The part of every pixel, [size, size] of numbers in the palette, at any size. */
export function partLabels(parts: FaceParts, size: number = parts.size): Uint8Array {
  const labels = new Uint8Array(size * size);
  const best = new Float32Array(size * size);
  partPalette.forEach(({ name }, part) => {
    partShare(parts, [name], size).forEach((share, i) => {
      if (share <= best[i]!) return;
      best[i] = share;
      labels[i] = part;
    });
  });
  return labels;
}

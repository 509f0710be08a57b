import type { Quad } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import { frameOfQuad, frameSide, invertFrame, mapPoint } from './frame';
import { partPalette } from '../../protocol/partPalette';
import { partLabels, type FaceParts } from './parts';

/** Labels are read at no larger side: the shares are smooth. */
const maxSide = 1024;

/**
 * The parts of faces as a label map in the palette's colours, transparent outside the faces' crops; where
 * crops meet the earlier face wins.
 * @param quads of the faces in pixels of the `width` × `height` picture
 * @throws PspError BAD_INPUT when a quad is no square
 */
export function paintParts(
  { width, height }: Pick<Raster, 'width' | 'height'>,
  quads: readonly Quad[],
  parts: readonly FaceParts[],
): Raster {
  const data = new Uint8Array(width * height * 4);
  quads.forEach((quad, index) => {
    const frame = frameOfQuad(quad);
    const inverse = invertFrame(frame);
    const size = Math.min(maxSide, Math.ceil(frameSide(frame)));
    const labels = partLabels(parts[index]!, size);
    const [left, right] = reach(
      quad.map(({ x }) => x),
      width,
    );
    const [top, bottom] = reach(
      quad.map(({ y }) => y),
      height,
    );
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const { x: u, y: v } = mapPoint(inverse, x + 0.5, y + 0.5);
        const at = (y * width + x) * 4;
        if (u < 0 || v < 0 || u >= 1 || v >= 1 || data[at + 3] !== 0) continue;
        const label = labels[Math.floor(v * size) * size + Math.floor(u * size)]!;
        data.set(partPalette[label]!.rgb, at);
        data[at + 3] = 255;
      }
    }
  });
  return { width, height, data };
}

/** Whole pixels within the picture that the values span. */
const reach = (values: readonly number[], size: number): readonly [number, number] => [
  Math.max(0, Math.floor(Math.min(...values))),
  Math.min(size, Math.ceil(Math.max(...values))),
];

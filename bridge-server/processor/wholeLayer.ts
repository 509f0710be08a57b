import { PspError } from '../../protocol/errors';
import type { Bounds, Quad } from '../../protocol/geometry';
import { rasterMax, type Raster } from '../../protocol/raster';

/** Of the square that a whole layer is laid on, in pixels: as many as one region may have. */
const maxSquarePixels = 64 * 2 ** 20;

/** RGB 0..1 that an input is laid upon: paper for a sketch, the background class for a label map. */
export type Ground = readonly [number, number, number];

/**
 * The region laid on an opaque ground and padded to a square, centred: what an encoder for whole
 * layers looks at. Nothing is stretched.
 * @throws PspError TOO_LARGE for a layer so long that its square would fill the memory
 */
export function layOnSquare(
  pixels: Raster,
  bounds: Bounds,
  ground: Ground,
): { pixels: Raster; bounds: Bounds } {
  const { width, height } = pixels;
  const side = Math.max(width, height);
  if (side * side > maxSquarePixels) {
    throw new PspError(
      'TOO_LARGE',
      `The layer is ${width} × ${height} pixels; whole layers are worked on up to ${Math.sqrt(maxSquarePixels)} on their longer side. Choose a smaller part of it.`,
    );
  }
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  const max = rasterMax(pixels);
  const colour = [...ground.map((value) => Math.round(value * max)), max];
  const data = max === 65535 ? new Uint16Array(side * side * 4) : new Uint8Array(side * side * 4);
  for (let i = 0; i < data.length; i += 1) data[i] = colour[i & 3]!;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 4;
      const to = ((y + top) * side + x + left) * 4;
      const alpha = pixels.data[from + 3]! / max;
      for (let c = 0; c < 3; c += 1) {
        data[to + c] = Math.round(pixels.data[from + c]! * alpha + colour[c]! * (1 - alpha));
      }
    }
  }
  return {
    pixels: { width: side, height: side, data },
    bounds: {
      left: bounds.left - left,
      top: bounds.top - top,
      right: bounds.left - left + side,
      bottom: bounds.top - top + side,
    },
  };
}

/** The quad that covers a square raster exactly. */
export const squareQuad = (side: number): Quad => [
  { x: 0, y: 0 },
  { x: side, y: 0 },
  { x: side, y: side },
  { x: 0, y: side },
];

import type { Quad } from '../../protocol/geometry';
import { boundsOfPoints } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import { readWindow } from './floatImage';
import { frameOfQuad, frameSide, mapPoint } from './frame';
import { lanczosKernel, kernelMargin, linearKernel, sampleLine } from './sampleLine';

export type Quality = 'fine' | 'fast';

/**
 * Calls `row` for every row of the `size`² picture seen through a quad: premultiplied RGBA in 0..1,
 * `size` · 4 floats that are overwritten by the next row. Beyond the raster lies its mirror image.
 *
 * Strong reductions first average whole blocks of pixels, so that the cost stays bound to the pixels
 * read once and the filter works on at most 3 of them per result pixel and axis.
 */
export function sampleQuad(
  raster: Raster,
  quad: Quad,
  size: number,
  quality: Quality,
  row: (pixels: Float32Array, y: number) => void,
): void {
  const frame = frameOfQuad(quad);
  const scale = frameSide(frame) / size;
  const fine = quality === 'fine';
  const shrink = Math.max(1, Math.floor(fine ? scale / 1.5 : scale));
  const kernel = fine ? lanczosKernel(scale / shrink) : linearKernel(1);
  const margin = kernelMargin(kernel);
  const bounds = boundsOfPoints(quad);
  const left = bounds.left - margin * shrink;
  const top = bounds.top - margin * shrink;
  const window = {
    left,
    top,
    width: Math.ceil((bounds.right - left) / shrink) + margin,
    height: Math.ceil((bounds.bottom - top) / shrink) + margin,
  };
  const image = readWindow(raster, window, shrink, 'reflect');
  const pixels = new Float32Array(size * 4);
  const dx = frame.ux / size / shrink;
  const dy = frame.uy / size / shrink;
  for (let y = 0; y < size; y++) {
    const start = mapPoint(frame, 0.5 / size, (y + 0.5) / size);
    const line = { x: (start.x - left) / shrink, y: (start.y - top) / shrink, dx, dy, count: size };
    sampleLine(image, kernel, line, pixels);
    row(pixels, y);
  }
}

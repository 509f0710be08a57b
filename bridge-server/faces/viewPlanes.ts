import type { Quad } from '../../protocol/geometry';
import { boundsOfPoints } from '../../protocol/geometry';
import { rasterMax, type Raster } from '../../protocol/raster';
import { overGrey, readWindow } from './floatImage';
import { frameOfQuad, frameSide, mapPoint } from './frame';

/**
 * What a network that looks for faces is shown through a quad: [3, size, size] in 0..1 at `offset` of
 * `rgb`, mid-grey behind what is transparent and beyond the picture. Interpolated linearly, which is
 * enough to find by; strong reductions first average whole blocks of pixels.
 */
export function viewPlanes(
  raster: Raster,
  quad: Quad,
  size: number,
  rgb: Float32Array,
  offset: number,
): void {
  const frame = frameOfQuad(quad);
  const shrink = Math.max(1, Math.floor(frameSide(frame) / size));
  const { image, left, top } = reducedAround(raster, quad, shrink);
  const plane = size * size;
  const dx = frame.ux / size / shrink;
  const dy = frame.uy / size / shrink;
  const { width, height, data } = image;
  const max = rasterMax(image);
  const gain = 1 / max;
  for (let row = 0; row < size; row++) {
    const start = mapPoint(frame, 0.5 / size, (row + 0.5) / size);
    const startX = (start.x - left) / shrink - 0.5;
    const startY = (start.y - top) / shrink - 0.5;
    // Windows as large as the network's input, or two or four times as large, often lie on whole pixels.
    const onPixels = dx === 1 && dy === 0 && Number.isInteger(startX) && Number.isInteger(startY);
    if (onPixels && copyRow(image, startX, startY, size, rgb, offset + row * size)) continue;
    for (let i = 0, to = offset + row * size; i < size; i++, to++) {
      const x = startX + i * dx;
      const y = startY + i * dy;
      const column = Math.floor(x);
      const line = Math.floor(y);
      const a = (line * width + column) * 4;
      const fx = x - column;
      const fy = (y - line) * gain;
      const w11 = fx * fy;
      const w10 = fy - w11;
      const w01 = fx * gain - w11;
      const w00 = gain - w11 - w10 - w01;
      const b = a + 4;
      const c = a + width * 4;
      const d = c + 4;
      const within = column >= 0 && line >= 0 && column < width - 1 && line < height - 1;
      if (within && (data[a + 3]! & data[b + 3]! & data[c + 3]! & data[d + 3]!) === max) {
        rgb[to] = data[a]! * w00 + data[b]! * w01 + data[c]! * w10 + data[d]! * w11;
        rgb[to + plane] =
          data[a + 1]! * w00 + data[b + 1]! * w01 + data[c + 1]! * w10 + data[d + 1]! * w11;
        rgb[to + 2 * plane] =
          data[a + 2]! * w00 + data[b + 2]! * w01 + data[c + 2]! * w10 + data[d + 2]! * w11;
        continue;
      }
      const outside = column < -1 || line < -1 || column >= width || line >= height;
      for (let channel = 0; channel < 3; channel++) {
        rgb[to + channel * plane] = outside
          ? 0.5
          : (tap(image, column, line, channel) * w00 +
              tap(image, column + 1, line, channel) * w01 +
              tap(image, column, line + 1, channel) * w10 +
              tap(image, column + 1, line + 1, channel) * w11) *
            max;
      }
    }
  }
}

/**
 * A row of a view of `size`² whose points are the picture's own.
 * @returns whether it could be copied: it lies within the picture, where all is opaque
 */
function copyRow(
  { width, height, data }: Raster,
  left: number,
  line: number,
  size: number,
  rgb: Float32Array,
  start: number,
): boolean {
  if (left < 0 || line < 0 || left + size > width || line >= height) return false;
  const plane = size * size;
  const max = data instanceof Uint8Array ? 255 : 65535;
  const gain = 1 / max;
  let from = (line * width + left) * 4;
  for (let to = start; to < start + size; to++, from += 4) {
    if (data[from + 3] !== max) return false;
    rgb[to] = data[from]! * gain;
    rgb[to + plane] = data[from + 1]! * gain;
    rgb[to + 2 * plane] = data[from + 2]! * gain;
  }
  return true;
}

/** One channel of a pixel over mid-grey, 0..1. */
function tap({ width, height, data }: Raster, x: number, y: number, channel: number): number {
  if (x < 0 || y < 0 || x >= width || y >= height) return 0.5;
  const max = data instanceof Uint8Array ? 255 : 65535;
  const at = (y * width + x) * 4;
  const alpha = data[at + 3]! / max;
  return (data[at + channel]! / max) * alpha + (1 - alpha) / 2;
}

/** What lies around a quad with `shrink`² pixels averaged into one; the raster itself where that is 1. */
function reducedAround(raster: Raster, quad: Quad, shrink: number) {
  if (shrink === 1) return { image: raster, left: 0, top: 0 };
  const bounds = boundsOfPoints(quad);
  const [left, top] = [bounds.left - 2 * shrink, bounds.top - 2 * shrink];
  const width = Math.ceil((bounds.right - left) / shrink) + 2;
  const height = Math.ceil((bounds.bottom - top) / shrink) + 2;
  const window = { left, top, width, height };
  return { image: overGrey(readWindow(raster, window, shrink, 'grey')), left, top };
}

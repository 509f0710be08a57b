import type { Quad } from '../../protocol/geometry';
import { boundsOfPoints } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import { readWindow, type FloatImage } from './floatImage';
import { frameOfQuad, frameSide, mapPoint } from './frame';
import { sampleCubic } from './sampleCubic';
import {
  kernelMargin,
  lanczosKernel,
  linearKernel,
  sampleLine,
  type Kernel,
  type Line,
} from './sampleLine';

/** How a picture is read: the cubic is for those that were reduced before, and does not antialias. */
export type Filter = 'lanczos' | 'cubic' | 'linear';

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
  filter: Filter,
  row: (pixels: Float32Array, y: number) => void,
): void {
  const frame = frameOfQuad(quad);
  const scale = frameSide(frame) / size;
  const { shrink, margin, sample } = filters[filter](scale);
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
    sample(image, line, pixels);
    row(pixels, y);
  }
}

interface Sampling {
  /** Pixels a side of the blocks that are averaged first. */
  readonly shrink: number;
  /** How many blocks around a point it reads. */
  readonly margin: number;
  readonly sample: (image: FloatImage, line: Line, out: Float32Array) => void;
}

/** By how many pixels of the picture one of the result covers. */
const filters: Readonly<Record<Filter, (scale: number) => Sampling>> = {
  lanczos(scale) {
    const shrink = Math.max(1, Math.floor(scale / 1.5));
    return { shrink, ...byKernel(lanczosKernel(scale / shrink)) };
  },
  linear: (scale) => ({
    shrink: Math.max(1, Math.floor(scale)),
    ...byKernel(linearKernel(1)),
  }),
  cubic: () => ({ shrink: 1, margin: 3, sample: sampleColours }),
};

const byKernel = (kernel: Kernel): Omit<Sampling, 'shrink'> => ({
  margin: kernelMargin(kernel),
  sample: (image, line, out) => sampleLine(image, kernel, line, out),
});

function sampleColours({ width, data, opaque }: FloatImage, line: Line, out: Float32Array): void {
  const all = new Float32Array(line.count).fill(1);
  const last = line.count - 1;
  sampleCubic({ width, channels: 4, data }, line, 0, last, all, out);
  if (opaque) {
    for (let at = 3; at < out.length; at += 4) out[at] = 1;
    return;
  }
  // The last three channels: green and blue come out as they were.
  const rest = { width, channels: 4, data: data.subarray(1) } as const;
  sampleCubic(rest, line, 0, last, all, out.subarray(1));
}

import { resizeRaster } from '../../../bridge-server/image/resizeRaster';
import { enlarge } from '../../../plugin/hosts/browser/document/pixels';
import type { Raster } from '../../../protocol/raster';

const size = { width: 24, height: 16 };

function picture(depth: 8 | 16, of: (x: number, y: number) => readonly number[]): Raster {
  const length = size.width * size.height * 4;
  const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) data.set(of(x, y), (y * size.width + x) * 4);
  }
  return { ...size, data };
}

test.each([
  [2, 8],
  [3, 8],
  [8, 16],
  [1.75, 16],
] as const)(
  'enlarged %f times with %i bit, everything stays where it is',
  async (factor, depth) => {
    const [max, step] = depth === 8 ? [255, 5] : [65535, 1000];
    const ramp = picture(depth, (x, y) => [step * x, step * y, 0, max]);
    const [width, height] = [size.width * factor, size.height * factor];
    const { data } = await resizeRaster(ramp, width, height);
    for (let y = Math.ceil(3 * factor); y < height - 3 * factor; y++) {
      for (let x = Math.ceil(3 * factor); x < width - 3 * factor; x++) {
        const at = (y * width + x) * 4;
        // The filter knows 64 places between two pixels.
        const tolerance = step / 64 + 1;
        expect(Math.abs(data[at]! - step * ((x + 0.5) / factor - 0.5))).toBeLessThan(tolerance);
        expect(Math.abs(data[at + 1]! - step * ((y + 0.5) / factor - 0.5))).toBeLessThan(tolerance);
      }
    }
  },
);

test.each([8, 16] as const)(
  'borders and transparent pixels bleed nothing into others, with %i bit, as in the page',
  async (depth) => {
    const max = depth === 8 ? 255 : 65535;
    const half = picture(depth, (x) => (x < 12 ? [max * 0.8, max / 4, 40, max] : [0, max, 0, 0]));
    const ours = await resizeRaster(half, size.width * 2, size.height * 2);
    const page = enlarge(half, 2);
    for (let at = 0; at < page.data.length; at += 4) {
      expect(Math.abs(ours.data[at + 3]! - page.data[at + 3]!)).toBeLessThanOrEqual(max / 100);
      if (page.data[at + 3]! < max / 20) continue;
      for (let c = 0; c < 3; c++) {
        // Where a cubic overshoots by a fourteenth, the page knows it, and whole numbers end at opaque.
        expect(Math.abs(ours.data[at + c]! - page.data[at + c]!)).toBeLessThanOrEqual(max / 15);
      }
    }
  },
);

test.each([8, 16] as const)(
  'what is opaque stays opaque when it shrinks, with %i bit',
  async (depth) => {
    const max = depth === 8 ? 255 : 65535;
    const opaque = picture(depth, (x, y) => [(x * 7919) & max, (y * 104729) & max, 0, max]);
    const { data } = await resizeRaster(opaque, 9, 7);
    expect(data.filter((_, at) => at % 4 === 3).every((alpha) => alpha === max)).toBe(true);
  },
);

import { join } from 'node:path';
import type { PlacedFace } from '../../bridge-server/compose';
import { readImage } from '../../bridge-server/image/readImage';
import type { Engine } from '../../bridge-server/inference/engine';
import { createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import type { Point, Quad } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';

export const cpuEngine = (): Engine =>
  createOnnxEngine({
    provider: 'cpu',
    report: { provider: 'cpu', device: 'CPU', passedOver: [] },
  });

export const readAstronaut = (): Promise<Raster> =>
  readImage(join(__dirname, '..', 'fixtures', 'astronaut.png'));

/** A raster from a function of x and y that gives R, G, B, A in 0..1. */
export function paint(
  width: number,
  height: number,
  depth: 8 | 16,
  colour: (x: number, y: number) => readonly [number, number, number, number],
): Raster {
  const max = depth === 8 ? 255 : 65535;
  const data =
    depth === 8 ? new Uint8Array(width * height * 4) : new Uint16Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(
        colour(x + 0.5, y + 0.5).map((value) => Math.round(value * max)),
        (y * width + x) * 4,
      );
    }
  }
  return { width, height, data };
}

/** Slow waves: a picture that every sane resampling keeps. */
export const waves = (x: number, y: number): readonly [number, number, number, number] => [
  0.5 + 0.4 * Math.sin(x / 9 + y / 23),
  0.5 + 0.4 * Math.cos(y / 11),
  0.5 + 0.3 * Math.sin((x - y) / 15),
  1,
];

/** A square quad by its centre, side and turn in degrees. */
export function square(centre: Point, side: number, degrees = 0): Quad {
  const cos = (Math.cos((degrees * Math.PI) / 180) * side) / 2;
  const sin = (Math.sin((degrees * Math.PI) / 180) * side) / 2;
  const corner = (u: number, v: number): Point => ({
    x: centre.x + u * cos - v * sin,
    y: centre.y + u * sin + v * cos,
  });
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}

/** The region with the patch laid over it through its mask, as the host shows it. */
export function composite(region: Raster, { bounds, pixels, mask }: PlacedFace): Raster {
  const data = region.data.slice();
  const max = region.data instanceof Uint16Array ? 65535 : 255;
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      const at = (y * mask.width + x) * 4;
      const weight = ((mask.data[at / 4]! / 255) * pixels.data[at + 3]!) / max;
      const below = ((y + bounds.top) * region.width + x + bounds.left) * 4;
      for (let c = 0; c < 3; c++) {
        data[below + c] = Math.round(
          data[below + c]! * (1 - weight) + pixels.data[at + c]! * weight,
        );
      }
    }
  }
  return { ...region, data };
}

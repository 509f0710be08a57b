import type { Quad } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import { clamp01 } from './planes';
import { asItIs, quadIn, type ReducedPicture } from './reducedPicture';
import { sampleQuad } from './sampleQuad';

/** The crop that the networks see. */
export interface AlignedFace {
  readonly size: number;
  /** [3, size, size] in 0..1, sRGB as the networks were trained; transparency lies over mid-grey. */
  readonly rgb: Float32Array;
  /** [size, size] in 0..1. */
  readonly alpha: Float32Array;
}

/**
 * The FFHQ crop of a face: Lanczos-filtered as FFHQ is, the picture mirrored beyond its
 * borders.
 * @throws PspError BAD_INPUT when the quad is no square.
 */
export const alignFace = (raster: Raster, quad: Quad, size: number): AlignedFace =>
  alignReduced(asItIs(raster), quad, size);

/** The same of a picture that was reduced, by the same filter, for crops of this size: it is only turned. */
export function alignReduced(picture: ReducedPicture, quad: Quad, size: number): AlignedFace {
  const filter = picture.across > 1 ? 'cubic' : 'lanczos';
  const plane = size * size;
  const alpha = new Float32Array(plane);
  const rgb = new Float32Array(3 * plane);
  sampleQuad(picture.raster, quadIn(picture, quad), size, filter, (pixels, y) => {
    for (let x = 0, from = 0, to = y * size; x < size; x++, from += 4, to++) {
      const a = clamp01(pixels[from + 3]!);
      const grey = (1 - a) / 2;
      rgb[to] = clamp01(pixels[from]! + grey);
      rgb[to + plane] = clamp01(pixels[from + 1]! + grey);
      rgb[to + 2 * plane] = clamp01(pixels[from + 2]! + grey);
      alpha[to] = a;
    }
  });
  return { size, rgb, alpha };
}

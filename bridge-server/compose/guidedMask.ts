import type { Quad } from '../../protocol/geometry';
import { rasterMax, type Mask, type Raster } from '../../protocol/raster';
import { fadeToBorder, frameOfQuad, invertFrame, mapPoint, smoothstep } from '../faces';
import { blur, resizeGrid, sampleGridLine, type Grid } from './grid';

/** How far around a cell the picture explains the mask, in shares of the crop's side. */
const reach = 1 / 96;
/** Differences of colour below about the root of this are no edge. */
const epsilon = 6e-4;
/** The mask's grey ends become white and black: a fifth at each. */
const [low, high] = [0.2, 0.8];
/** Share of the crop's side over which a part that goes on beyond it ends. */
const borderWidth = 0.02;

/**
 * A mask of the crop brought to the pixels of the picture, its edges where the picture has its own: the
 * guided filter (He, Sun, Tang 2010, eq. 19–21), q = ā · I + b̄ with (ā, b̄) the local linear fit of the
 * mask by the colours; fitted in the crop and read at the picture's resolution (He, Sun 2015).
 * @param guide the crop's colours, three planes of 0..1
 * @param share one plane of 0..1, of the same side
 * @returns a mask of the picture's size, 0 outside the crop
 * @throws PspError BAD_INPUT when the quad is no square
 */
export function guidedMask(picture: Raster, quad: Quad, guide: Grid, share: Float32Array): Mask {
  const { side } = guide;
  const fit = linearFit(guide, share);
  const fade = fadeToBorder(side, borderWidth);
  const { width, height } = picture;
  const data = new Uint8Array(width * height);
  const max = rasterMax(picture);
  const inverse = invertFrame(frameOfQuad(quad));
  const planes: Grid = { side, planes: [...fit, fade] };
  const row = planes.planes.map(() => new Float32Array(width));
  const inside = row[4]!;
  for (let y = 0; y < height; y++) {
    const { x: u, y: v } = mapPoint(inverse, 0.5, y + 0.5);
    const line = { u, v, du: inverse.ux, dv: inverse.uy };
    sampleGridLine(planes, line, 0, width - 1, row);
    for (let x = 0, from = y * width * 4; x < width; x++, from += 4) {
      const [atU, atV] = [u + x * line.du, v + x * line.dv];
      if (atU < 0 || atU >= 1 || atV < 0 || atV >= 1) continue;
      const [r, g, b] = [
        picture.data[from]! / max,
        picture.data[from + 1]! / max,
        picture.data[from + 2]! / max,
      ];
      data[y * width + x] = Math.round(255 * shareAt(row, x, r, g, b) * inside[x]!);
    }
  }
  return { width, height, data };
}

/**
 * A coarse mask brought to the finer cells of a picture, as `guidedMask` does it within the crop.
 * @param guide three planes of 0..1
 * @param share one plane of 0..1, of a smaller side
 * @returns a plane of the guide's side
 */
export function guidedShare(guide: Grid, share: Float32Array): Float32Array {
  const side = Math.sqrt(share.length);
  const fit = linearFit(resizeGrid(guide, side), share);
  const { planes } = resizeGrid({ side, planes: fit }, guide.side);
  const [r, g, b] = guide.planes;
  return r!.map((value, i) => shareAt(planes, i, value, g![i]!, b![i]!));
}

/** ā · I + b̄ at `i`, its grey ends white and black, 0..1. */
function shareAt(
  [red, green, blue, rest]: readonly Float32Array[],
  i: number,
  r: number,
  g: number,
  b: number,
): number {
  const q = red![i]! * r + green![i]! * g + blue![i]! * b + rest![i]!;
  return smoothstep((q - low) / (high - low));
}

/** (ā_r, ā_g, ā_b, b̄): a = (Σ + εU)⁻¹ (mean(I·p) − μ·p̄), b = p̄ − a·μ, both averaged over the window. */
function linearFit({ side, planes }: Grid, share: Float32Array): readonly Float32Array[] {
  const mean = (values: Float32Array): Float32Array => blur(values, side, reach * side);
  const product = (a: Float32Array, b: Float32Array): Float32Array =>
    mean(a.map((value, i) => value * b[i]!));
  const [r, g, b] = planes as [Float32Array, Float32Array, Float32Array];
  const means = [r, g, b, share].map(mean) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [mr, mg, mb, mp] = means;
  const [rr, rg, rb, gg, gb, bb] = [
    product(r, r),
    product(r, g),
    product(r, b),
    product(g, g),
    product(g, b),
    product(b, b),
  ];
  const [rp, gp, bp] = [product(r, share), product(g, share), product(b, share)];
  const fit = Array.from({ length: 4 }, () => new Float32Array(side * side));
  for (let i = 0; i < side * side; i++) {
    const [x, y, z, p] = [mr[i]!, mg[i]!, mb[i]!, mp[i]!];
    // The symmetric covariance, and its inverse by cofactors.
    const [xx, xy, xz] = [rr[i]! - x * x + epsilon, rg[i]! - x * y, rb[i]! - x * z];
    const [yy, yz, zz] = [gg[i]! - y * y + epsilon, gb[i]! - y * z, bb[i]! - z * z + epsilon];
    const [cx, cy, cz] = [rp[i]! - x * p, gp[i]! - y * p, bp[i]! - z * p];
    const [kxx, kxy, kxz] = [yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy];
    const [kyy, kyz, kzz] = [xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy];
    const determinant = xx * kxx + xy * kxy + xz * kxz;
    const ax = (kxx * cx + kxy * cy + kxz * cz) / determinant;
    const ay = (kxy * cx + kyy * cy + kyz * cz) / determinant;
    const az = (kxz * cx + kyz * cy + kzz * cz) / determinant;
    fit[0]![i] = ax;
    fit[1]![i] = ay;
    fit[2]![i] = az;
    fit[3]![i] = p - ax * x - ay * y - az * z;
  }
  return fit.map(mean);
}

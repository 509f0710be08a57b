import { PspError } from '../../protocol/errors';
import { transformFace, type Face } from '../../protocol/face';
import { translateBounds, type Bounds, type Quad } from '../../protocol/geometry';
import { rasterMax, type Mask, type Raster } from '../../protocol/raster';
import type { PatchSpace } from '../../protocol/patchSpace';
import { matchGrain, renderFace, replaceFace, type Grid } from '../compose';
import { faceMask, type FacePlanes, type MaskArea } from '../faces';
import { resizeRaster } from '../image/resizeRaster';
import { alignHole, cutHole } from './hole';
import type { PlacingValues } from './parameters';

/** Where a decoded picture belongs; `quad`, `face` and `hole` are in the pixels of `pixels`. */
export interface Placement {
  readonly pixels: Raster;
  /** Of `pixels`, in the document. */
  readonly bounds: Bounds;
  readonly quad: Quad;
  /** `null` where the whole layer is the picture: it has no surroundings to match. */
  readonly face: Face | null;
  readonly hole: Mask | null;
  readonly parameters: PlacingValues;
}

export interface PlacedPatch {
  readonly space: PatchSpace;
  readonly bounds: Bounds;
  readonly pixels: Raster;
  readonly mask: Mask;
}

/** Of an enlarged region, in pixels: half a gigabyte in 8 bit. */
const maxEnlargedPixels = 2 ** 27;

/** Before any network runs. @throws PspError TOO_LARGE when the region, enlarged as asked, would be huge */
export function refuseHugeResult({ width, height }: Raster, { size }: PlacingValues): void {
  const factor = factorOf(size);
  if (width * factor * height * factor <= maxEnlargedPixels) return;
  throw new PspError(
    'TOO_LARGE',
    `${width} × ${height} pixels enlarged ${factor} times are more than the ${Math.floor(maxEnlargedPixels / 1e6)} million made at once. Choose a smaller factor.`,
  );
}

/** 1 where nothing is enlarged. */
const factorOf = (size: string | undefined): number =>
  size?.startsWith('x') ? Number(size.slice(1)) : 1;

/** Puts the decoded picture where its parameters say: in the layer, in an enlarged copy, or by itself. */
export async function placePatch(
  image: FacePlanes,
  placement: Placement,
  seed: number,
): Promise<PlacedPatch> {
  const size = placement.parameters.size ?? 'in-place';
  if (size === 'native') return cropPatch(image, rasterMax(placement.pixels));
  if (size === 'in-place') return { space: { kind: 'document' }, ...paste(image, placement, seed) };
  const factor = factorOf(size) as 2 | 4 | 8;
  const enlarged = await enlarge(placement, factor);
  return { space: { kind: 'enlarged', factor }, ...paste(image, enlarged, seed) };
}

function paste(image: FacePlanes, placement: Placement, seed: number): Omit<PlacedPatch, 'space'> {
  const { pixels, quad, face, hole, parameters } = placement;
  const mask = alignedMask(image.size, placement);
  const matched = face !== null && parameters.matchColour === true ? 1 : 0;
  const composed = replaceFace(pixels, quad, image, mask, matched);
  const patch = renderFace(pixels, quad, composed, hole ? 'opaque' : 'source');
  if (face !== null && parameters.matchGrain === true) matchGrain(pixels, patch, seed);
  const { left, top } = placement.bounds;
  return {
    bounds: translateBounds(patch.bounds, left, top),
    pixels: patch.pixels,
    mask: hole ? cutHole(hole, patch.bounds, quad) : patch.mask,
  };
}

/** Masks are smooth. */
const maskSide = 128;

/** What of the aligned picture is shown. */
function alignedMask(size: number, { face, quad, hole, parameters }: Placement): Grid {
  if (hole) return { side: size, planes: [alignHole(hole, quad, size)] };
  if (!face) return { side: 1, planes: [new Float32Array([1])] };
  return {
    side: maskSide,
    planes: [faceMask(face, quad, maskSide, parameters.area as MaskArea)],
  };
}

async function enlarge(placement: Placement, factor: number): Promise<Placement> {
  const { pixels, bounds, quad, face } = placement;
  const { left, top, right, bottom } = bounds;
  const [a, b, c, d] = quad.map(({ x, y }) => ({ x: x * factor, y: y * factor }));
  return {
    ...placement,
    pixels: await resizeRaster(pixels, pixels.width * factor, pixels.height * factor),
    bounds: {
      left: left * factor,
      top: top * factor,
      right: right * factor,
      bottom: bottom * factor,
    },
    quad: [a!, b!, c!, d!],
    face: face && transformFace(face, factor, { x: 0, y: 0 }),
  };
}

/** The aligned face as a picture of its own, opaque. */
function cropPatch({ size, rgb }: FacePlanes, max: 255 | 65535): PlacedPatch {
  const plane = size * size;
  const data = max === 255 ? new Uint8Array(plane * 4) : new Uint16Array(plane * 4);
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) data[i * 4 + c] = Math.round(rgb[c * plane + i]! * max);
    data[i * 4 + 3] = max;
  }
  return {
    space: { kind: 'crop' },
    bounds: { left: 0, top: 0, right: size, bottom: size },
    pixels: { width: size, height: size, data },
    mask: { width: size, height: size, data: new Uint8Array(plane).fill(255) },
  };
}

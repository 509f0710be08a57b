import { PspError } from '../../protocol/errors';
import { transformFace } from '../../protocol/face';
import { translateBounds, type Bounds } from '../../protocol/geometry';
import type { Region } from '../../protocol/job';
import { rasterDepth, rasterMax, type Mask, type Raster } from '../../protocol/raster';
import type { PatchSpace } from '../../protocol/patchSpace';
import type { Composition } from '../../protocol/operation';
import {
  holdPhotograph,
  matchGrain,
  previewFace,
  renderFace,
  type Bands,
  type ComposedFace,
  type PlacedFace,
} from '../compose';
import { alignFace, type FacePlanes } from '../faces';
import { resizeRaster } from '../image/resizeRaster';
import { composeFace, everything, seatOf, type DrawnFace } from './composeFace';
import { cutHole } from './hole';
import { keepToSelection } from './keepToSelection';
import type { PlacingValues } from '../operations/parameters';
import type { Placement } from './placement';
import { moveAside } from './turnAbout';
import { squareQuad } from './wholeLayer';

export interface PlacedPatch {
  readonly space: PatchSpace;
  readonly bounds: Bounds;
  readonly pixels: Raster;
  readonly mask: Mask;
}

/** Of an enlarged region, in pixels: half a gigabyte in 8 bit. */
const maxEnlargedPixels = 2 ** 27;
/** Of all layers of a job: they wait in memory until they are written. */
const maxResultBytes = 2 ** 31;

/**
 * Before anything is made: no layer is larger than its region, enlarged, or than the generator's picture.
 * @throws PspError TOO_LARGE when one region, or all layers together, would fill the memory
 */
export function refuseHugeResults(
  regions: readonly Pick<Region, 'pixels'>[],
  { size }: PlacingValues,
  variants: number,
  resolution: number,
): void {
  const factor = factorOf(size);
  let bytes = 0;
  for (const { pixels } of regions) {
    const { width, height } = pixels;
    const enlarged = width * factor * height * factor;
    if (enlarged > maxEnlargedPixels) {
      throw new PspError(
        'TOO_LARGE',
        `${width} × ${height} pixels enlarged ${factor} times are more than the ${Math.floor(maxEnlargedPixels / 1e6)} million made at once. Choose a smaller factor.`,
      );
    }
    const area = size === 'native' ? resolution ** 2 : enlarged;
    // Four channels, and a mask of 8 bit.
    bytes += area * (rasterDepth(pixels) / 2 + 1) * variants;
  }
  if (bytes <= maxResultBytes) return;
  const gigabytes = (value: number): string => (value / 2 ** 30).toFixed(1);
  throw new PspError(
    'TOO_LARGE',
    `${regions.length * variants} layers of this size may take ${gigabytes(bytes)} GB; at most ${gigabytes(maxResultBytes)} GB are made at once. Choose fewer variants or faces, or a smaller factor.`,
  );
}

/** 1 where nothing is enlarged. */
const factorOf = (size: string | undefined): 1 | 2 | 4 | 8 =>
  size?.startsWith('x') ? (Number(size.slice(1)) as 2 | 4 | 8) : 1;

/** Pixels that take longer to place than networks to open. */
const longPlacedPixels = 2 ** 24;

/** Whether an enlarged region takes so long, and so much memory, that the networks are better let go meanwhile. */
export function isLongPlaced({
  pixels: { width, height },
  parameters,
}: Pick<Placement, 'pixels' | 'parameters'>): boolean {
  const factor = factorOf(parameters.size);
  return factor > 1 && width * height * factor ** 2 >= longPlacedPixels;
}

/** A face joined with the photograph, not yet in the layer's pixels. */
export interface PlannedPatch {
  /** The face as the document will show it, aligned where it then is. */
  shown(): FacePlanes;
  /** @param seed draws the grain */
  place(seed: number): Promise<PlacedPatch>;
}

/** Puts what was drawn where its parameters say: in the layer, in an enlarged copy, or by itself. */
export async function planPatch(
  drawn: DrawnFace,
  placement: Placement,
  composition: Composition,
  bands: Bands,
): Promise<PlannedPatch> {
  const size = placement.parameters.size ?? 'in-place';
  const factor = factorOf(size);
  const target = factor === 1 ? placement : await enlarge(placement, factor);
  const seat = { ...target, ...seatOf(drawn, target) };
  const composed = composeFace(drawn, target, composition);
  const shown = (): FacePlanes => moveAside(previewFace(composed, seat.photograph), -drawn.aside);
  if (size === 'native')
    return { shown, place: () => Promise.resolve(alone(composed, seat, drawn.edited.size)) };
  return {
    shown,
    async place(seed) {
      const placed = await render(composed, seat, seed, bands);
      if (composition === 'band' && factor > 1) {
        await holdPhotograph(placement.pixels, target.pixels, factor, placed);
      }
      return { space: spaceOf(factor), ...inDocument(placed, target) };
    },
  };
}

const spaceOf = (factor: 1 | 2 | 4 | 8): PatchSpace =>
  factor === 1 ? { kind: 'document' } : { kind: 'enlarged', factor };

async function render(
  composed: ComposedFace,
  { pixels, quad, face, hole, parameters }: Placement,
  seed: number,
  bands: Bands,
): Promise<PlacedFace> {
  const placed = await bands.render(pixels, quad, composed, hole ? 'opaque' : 'source');
  if (face !== null && parameters.matchGrain === true) matchGrain(pixels, placed, seed);
  return placed;
}

function inDocument(placed: PlacedFace, placement: Placement): Omit<PlacedPatch, 'space'> {
  const { left, top } = placement.bounds;
  const { hole } = placement;
  const bounds = translateBounds(placed.bounds, left, top);
  const mask = hole ? cutHole(hole, placed) : placed.mask;
  return { bounds, pixels: placed.pixels, mask: keepToSelection(mask, bounds, placement) };
}

/** The aligned face as a picture of its own, opaque, at the generator's size. */
function alone(composed: ComposedFace, { pixels, quad }: Placement, size: number): PlacedPatch {
  const photograph = rasterOf(alignFace(pixels, quad, size), rasterMax(pixels));
  const whole = { ...composed, mask: everything, fade: null };
  const { bounds, mask, ...placed } = renderFace(photograph, squareQuad(size), whole, 'source');
  return { space: { kind: 'crop' }, bounds, pixels: placed.pixels, mask };
}

async function enlarge(placement: Placement, factor: number): Promise<Placement> {
  const { pixels, seen, bounds, quad, face } = placement;
  const { left, top, right, bottom } = bounds;
  const [a, b, c, d] = quad.map(({ x, y }) => ({ x: x * factor, y: y * factor }));
  return {
    ...placement,
    enlargement: factor,
    pixels: await resizeRaster(pixels, pixels.width * factor, pixels.height * factor),
    seen: {
      raster: seen.raster,
      ...{ left: seen.left * factor, top: seen.top * factor },
      ...{ across: seen.across * factor, down: seen.down * factor },
    },
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

function rasterOf({ size, rgb }: FacePlanes, max: 255 | 65535): Raster {
  const plane = size * size;
  const data = max === 255 ? new Uint8Array(plane * 4) : new Uint16Array(plane * 4);
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) data[i * 4 + c] = Math.round(rgb[c * plane + i]! * max);
    data[i * 4 + 3] = max;
  }
  return { width: size, height: size, data };
}

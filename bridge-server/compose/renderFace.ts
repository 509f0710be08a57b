import { PspError } from '../../protocol/errors';
import {
  boundsHeight,
  boundsOfPoints,
  boundsWidth,
  intersectBounds,
} from '../../protocol/geometry';
import type { Bounds, Quad } from '../../protocol/geometry';
import type { Mask, Raster } from '../../protocol/raster';
import { rasterMax } from '../../protocol/raster';
import { frameOfQuad, frameSide, invertFrame, mapPoint, type Frame } from '../faces';
import type { ComposedFace } from './composedFace';
import { sampleGridLine, type Grid } from './grid';
import { prepareSampler, sampleRgbLine } from './resample';
import { readPhotograph } from './readPhotograph';

export interface PlacedFace {
  /** In the region's pixels, within the region: the box of what the mask shows. */
  readonly bounds: Bounds;
  /** Straight alpha, the region's depth; 0 where the mask is 0. */
  readonly pixels: Raster;
  readonly mask: Mask;
  /** Share of the photograph in each pixel, 0..255, where the layer keeps some of it. */
  readonly kept: Uint8Array | null;
}

/**
 * `source`: the patch is as transparent as the region below it, so that a cut-out stays one.
 * `opaque`: it also covers transparent pixels, for filling holes.
 */
export type Transparency = 'source' | 'opaque';

/**
 * Puts a composed face where its quad lies, the inverse of `alignFace`: cubic where it enlarges,
 * antialiased where it shrinks, the photograph's part in the photograph's own pixels and depth.
 * @throws PspError BAD_INPUT when the quad is no square or does not touch the region.
 */
export function renderFace(
  region: Raster,
  quad: Quad,
  composed: ComposedFace,
  transparency: Transparency,
): PlacedFace {
  const frame = frameOfQuad(quad);
  const bounds = shownBounds(region, frame, composed.mask);
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const max = rasterMax(region);
  const pixelCount = width * height;
  const data = max === 255 ? new Uint8Array(pixelCount * 4) : new Uint16Array(pixelCount * 4);
  const weights = new Uint8Array(pixelCount);
  const kept = composed.keep && new Uint8Array(pixelCount);
  renderRows(region, frame, composed, transparency, { bounds, data, weights, kept, max });
  return {
    bounds,
    pixels: { width, height, data },
    mask: { width, height, data: weights },
    kept,
  };
}

interface Target {
  readonly bounds: Bounds;
  readonly data: Uint8Array | Uint16Array;
  readonly weights: Uint8Array;
  readonly kept: Uint8Array | null;
  readonly max: 255 | 65535;
}

function renderRows(
  region: Raster,
  frame: Frame,
  composed: ComposedFace,
  transparency: Transparency,
  { bounds, data, weights, kept, max }: Target,
): void {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const inverse = invertFrame(frame);
  const { mask, fade, keep, carry } = composed;
  const added = { size: composed.size, rgb: composed.add };
  const sampler = prepareSampler(added, frameSide(frame), keep !== null);
  const shown = new Float32Array(width);
  const share = new Float32Array(width);
  const rgb = new Float32Array(width * 3);
  const photograph = new Float32Array(width * 3);
  const covering = fade && new Float32Array(width);
  const moved = carry && { x: new Float32Array(width), y: new Float32Array(width) };
  for (let y = 0; y < height; y++) {
    const start = mapPoint(inverse, bounds.left + 0.5, bounds.top + y + 0.5);
    const line = { u: start.x, v: start.y, du: inverse.ux, dv: inverse.uy };
    const [first, last] = spanInside(line.u, line.du, line.v, line.dv, width);
    if (last < first) continue;
    sampleGridLine(mask.planes[0]!, mask.side, line, width, shown);
    const row = y * width;
    let any = false;
    for (let x = first; x <= last; x++) {
      const weight = (shown[x]! * 255 + 0.5) | 0;
      if (weight === 0) shown[x] = 0;
      else any = true;
      weights[row + x] = weight;
    }
    if (!any) continue;
    sampleRgbLine(sampler, line, first, last, shown, rgb);
    if (keep) {
      sampleGridLine(keep.planes[0]!, keep.side, line, width, share);
      if (moved && carry) {
        sampleGridLine(carry.planes[0]!, carry.side, line, width, moved.x);
        sampleGridLine(carry.planes[1]!, carry.side, line, width, moved.y);
      }
      const at = { left: bounds.left, top: bounds.top + y, first, last };
      readPhotograph(region, frame, at, shown, moved, photograph);
    }
    if (fade && covering) {
      sampleGridLine(fade.planes[0]!, fade.side, line, width, covering);
    }
    let below = ((bounds.top + y) * region.width + bounds.left + first) * 4 + 3;
    for (let x = first; x <= last; x++, below += 4) {
      if (shown[x] === 0) continue;
      const to = (row + x) * 4;
      const k = share[x]!;
      const from = x * 3;
      data[to] = toWhole(rgb[from]! + k * photograph[from]!, max);
      data[to + 1] = toWhole(rgb[from + 1]! + k * photograph[from + 1]!, max);
      data[to + 2] = toWhole(rgb[from + 2]! + k * photograph[from + 2]!, max);
      data[to + 3] = transparency === 'opaque' ? max : region.data[below]!;
      if (kept) kept[row + x] = toWhole(k, 255);
      if (covering && region.data[below] === max) {
        weights[row + x] = Math.round(weights[row + x]! * covering[x]!);
      }
    }
  }
}

/** The region's pixels below everything that the mask shows. */
function shownBounds(region: Raster, frame: Frame, { side, planes }: Grid): Bounds {
  const whole = { left: 0, top: 0, right: region.width, bottom: region.height };
  const corner = (u: number, v: number) => mapPoint(frame, u, v);
  const box = (left: number, top: number, right: number, bottom: number) =>
    intersectBounds(
      boundsOfPoints([
        corner(left, top),
        corner(right, top),
        corner(right, bottom),
        corner(left, bottom),
      ]),
      whole,
    );
  const crop = box(0, 0, 1, 1);
  if (boundsWidth(crop) * boundsHeight(crop) === 0) {
    throw new PspError('BAD_INPUT', 'The face lies outside of the pixels. Find the faces again.');
  }
  let [left, top, right, bottom] = [side, side, -1, -1];
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      if (planes[0]![at]! < invisible) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  // A cell reaches half a cell beyond its neighbours' centres.
  const before = (cell: number) => Math.max(0, (cell - 0.5) / side);
  const after = (cell: number) => Math.min(1, (cell + 1.5) / side);
  // Nothing to show is still a layer, hidden in full.
  if (right < 0) return crop;
  return box(before(left), before(top), after(right), after(bottom));
}

/** Rounds to 0 of 255. */
const invisible = 0.5 / 255;

/** The first and last x in 0..width−1 for which u0 + x·du and v0 + x·dv both lie within 0..1. */
function spanInside(
  u0: number,
  du: number,
  v0: number,
  dv: number,
  width: number,
): readonly [number, number] {
  let first = 0;
  let last = width - 1;
  for (const [start, step] of [
    [u0, du],
    [v0, dv],
  ] as const) {
    if (Math.abs(step) < 1e-12) {
      if (start < 0 || start > 1) return [0, -1];
      continue;
    }
    const [a, b] = [-start / step, (1 - start) / step];
    first = Math.max(first, Math.ceil(Math.min(a, b)));
    last = Math.min(last, Math.floor(Math.max(a, b)));
  }
  return [first, last];
}

const toWhole = (value: number, max: number): number =>
  value <= 0 ? 0 : value >= 1 ? max : (value * max + 0.5) | 0;

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
import { createRows, type Composed } from './composedRows';
import type { ComposedFace } from './composedFace';
import { sampleGridLine, shownBox, type Grid, type UnitBox } from './grid';
import { prepareSampler } from './resample';

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

/** All that makes a layer's rows: values that may go to another thread. */
export interface Rendering extends Composed {
  readonly transparency: Transparency;
}

/** What is made of a rendering's rows; see `PlacedFace`. */
export interface RenderedRows {
  readonly data: Uint8Array | Uint16Array;
  readonly weights: Uint8Array;
  readonly kept: Uint8Array | null;
}

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
  const rendering = prepareRendering(region, quad, composed, transparency);
  const rows = emptyRows(rendering);
  renderRows(rendering, rows);
  return placedFace(rendering, rows);
}

/** @throws PspError as `renderFace` does */
export function prepareRendering(
  region: Raster,
  quad: Quad,
  { drawn, ...composed }: ComposedFace,
  transparency: Transparency,
): Rendering {
  const frame = frameOfQuad(quad);
  const bounds = shownBounds(region, frame, composed.mask);
  const box = shownBox(composed.share ?? composed.mask, Number.MIN_VALUE);
  const sampler = drawn && box && prepareSampler(drawn, frameSide(frame), box);
  return { ...composed, region, frame, bounds, sampler, transparency };
}

export function emptyRows({ region, bounds, keep }: Rendering): RenderedRows {
  const pixels = boundsWidth(bounds) * boundsHeight(bounds);
  return {
    data: rasterMax(region) === 255 ? new Uint8Array(pixels * 4) : new Uint16Array(pixels * 4),
    weights: new Uint8Array(pixels),
    kept: keep && new Uint8Array(pixels),
  };
}

export function placedFace(
  { bounds }: Rendering,
  { data, weights, kept }: RenderedRows,
): PlacedFace {
  const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
  return {
    bounds,
    pixels: { width, height, data },
    mask: { width, height, data: weights },
    kept,
  };
}

/** Writes every row of the rendering's bounds. */
export function renderRows(rendering: Rendering, { data, weights, kept }: RenderedRows): void {
  const { region, frame, bounds, mask, fade, transparency } = rendering;
  const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
  const max = rasterMax(region);
  const inverse = invertFrame(frame);
  const shown = new Float32Array(width);
  const covering = new Float32Array(width);
  const rowAt = createRows(rendering);
  for (let y = 0; y < height; y++) {
    const start = mapPoint(inverse, bounds.left + 0.5, bounds.top + y + 0.5);
    const line = { u: start.x, v: start.y, du: inverse.ux, dv: inverse.uy };
    const [first, last] = spanInside(line.u, line.du, line.v, line.dv, width);
    if (last < first) continue;
    sampleGridLine(mask, line, first, last, [shown]);
    const row = y * width;
    const [from, to] = writeWeights(shown, first, last, weights.subarray(row, row + width));
    if (to < from) continue;
    const { rgb, kept: share } = rowAt(line, y, from, to, shown);
    if (kept) writeShares(share, shown, from, to, kept.subarray(row, row + width));
    const below = ((bounds.top + y) * region.width + bounds.left) * 4;
    const under = region.data.subarray(below, below + width * 4);
    writeColours(rgb, shown, from, to, max, data.subarray(row * 4, (row + width) * 4));
    writeAlpha(
      transparency === 'opaque' ? null : under,
      shown,
      from,
      to,
      max,
      data.subarray(row * 4, (row + width) * 4),
    );
    if (fade) {
      sampleGridLine(fade, line, from, to, [covering]);
      for (let x = from; x <= to; x++) {
        if (shown[x] === 0 || under[x * 4 + 3] !== max) continue;
        weights[row + x] = Math.round(weights[row + x]! * covering[x]!);
      }
    }
  }
}

// Loops are functions of their own: they are compiled as such, and hand no numbers over in memory.

/**
 * The mask of a row; what it rounds away is made 0 in `shown` too.
 * @returns the first and the last pixel of which something is shown
 */
function writeWeights(
  shown: Float32Array,
  first: number,
  last: number,
  weights: Uint8Array,
): readonly [number, number] {
  let from = last + 1;
  let to = first - 1;
  for (let x = first; x <= last; x++) {
    const weight = (shown[x]! * 255 + 0.5) | 0;
    weights[x] = weight;
    if (weight === 0) {
      shown[x] = 0;
      continue;
    }
    if (from > last) from = x;
    to = x;
  }
  return [from, to];
}

function writeShares(
  share: Float32Array,
  shown: Float32Array,
  first: number,
  last: number,
  kept: Uint8Array,
): void {
  for (let x = first; x <= last; x++) if (shown[x]! > 0) kept[x] = toWhole(share[x]!, 255);
}

function writeColours(
  rgb: Float32Array,
  shown: Float32Array,
  first: number,
  last: number,
  max: number,
  data: Uint8Array | Uint16Array,
): void {
  for (let x = first, i = 3 * first, at = 4 * first; x <= last; x++, i += 3, at += 4) {
    if (shown[x] === 0) continue;
    data[at] = toWhole(rgb[i]!, max);
    data[at + 1] = toWhole(rgb[i + 1]!, max);
    data[at + 2] = toWhole(rgb[i + 2]!, max);
  }
}

/** @param under the region's row; `null` makes the layer opaque */
function writeAlpha(
  under: Uint8Array | Uint16Array | null,
  shown: Float32Array,
  first: number,
  last: number,
  max: number,
  data: Uint8Array | Uint16Array,
): void {
  for (let x = first, at = 4 * first + 3; x <= last; x++, at += 4) {
    if (shown[x]! > 0) data[at] = under === null ? max : under[at]!;
  }
}

/** The region's pixels below everything that the mask shows. */
function shownBounds(region: Raster, frame: Frame, mask: Grid): Bounds {
  const whole = { left: 0, top: 0, right: region.width, bottom: region.height };
  const corner = (u: number, v: number) => mapPoint(frame, u, v);
  const box = ({ left, top, right, bottom }: UnitBox): Bounds =>
    intersectBounds(
      boundsOfPoints([
        corner(left, top),
        corner(right, top),
        corner(right, bottom),
        corner(left, bottom),
      ]),
      whole,
    );
  const crop = box({ left: 0, top: 0, right: 1, bottom: 1 });
  if (boundsWidth(crop) * boundsHeight(crop) === 0) {
    throw new PspError('BAD_INPUT', 'The face lies outside of the pixels. Find the faces again.');
  }
  const shown = shownBox(mask);
  // Nothing to show is still a layer, hidden in full.
  return shown ? box(shown) : crop;
}

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

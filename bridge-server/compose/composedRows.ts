import { boundsWidth, type Bounds } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import type { Frame } from '../faces';
import type { ComposedFace } from './composedFace';
import { sampleGridLine, type Grid, type UnitLine } from './grid';
import { along, type Curves } from './matchColour';
import { readPhotograph } from './readPhotograph';
import { sampleRgbLine, type Sampler } from './resample';

/** A composed face made ready for its pixels, all of them or a band of rows. */
export interface Composed extends Omit<ComposedFace, 'drawn'> {
  readonly region: Raster;
  readonly frame: Frame;
  /** Of the rows, in the region's pixels. */
  readonly bounds: Bounds;
  /** Of what is drawn; `null` for nothing. */
  readonly sampler: Sampler | null;
}

/** A row of a layer, overwritten by the next. */
export interface AddedRow {
  /** Interleaved, about 0..1. */
  readonly rgb: Float32Array;
  /** Share of the photograph in each. */
  readonly kept: Float32Array;
}

/**
 * Adds up rows of what a layer shows: photograph · keep + share · curves(drawn) + shift.
 * @returns a function of the row `y` of the bounds, for the pixels from `first` to `last` where `shown`
 * is above 0
 */
export function createRows({ region, frame, bounds, sampler, ...composed }: Composed) {
  const { curves, share, shift, keep, carry } = composed;
  const width = boundsWidth(bounds);
  const line = (): Float32Array => new Float32Array(width);
  const colours = (): Float32Array => new Float32Array(width * 3);
  const [rgb, drawn, photograph] = [colours(), colours(), colours()];
  const [amount, kept] = [line().fill(1), line()];
  const [r, g, b] = [line(), line(), line()];
  const moved = [line(), line()] as const;
  const grids = bySide([
    [share, [amount]],
    [shift, [r, g, b]],
    [keep, [kept]],
    [carry, moved],
  ]);

  return (at: UnitLine, y: number, first: number, last: number, shown: Float32Array): AddedRow => {
    for (const { grid, out } of grids) sampleGridLine(grid, at, first, last, out);
    const wanted = share ? amount : shown;
    if (sampler) sampleRgbLine(sampler, at, first, last, wanted, drawn);
    if (curves) bend(drawn, curves, first, last, wanted);
    if (keep) {
      const place = { left: bounds.left, top: bounds.top + y, first, last };
      readPhotograph(region, frame, place, kept, carry && moved, photograph);
    }
    weigh(photograph, kept, drawn, amount, first, last, rgb);
    if (shift) addPlanes(rgb, r, g, b, first, last);
    return { rgb, kept };
  };
}

// Loops are functions of their own: they are compiled as such, and hand no numbers over in memory.

/** a · weight + b · other. */
function weigh(
  a: Float32Array,
  weight: Float32Array,
  b: Float32Array,
  other: Float32Array,
  first: number,
  last: number,
  rgb: Float32Array,
): void {
  for (let x = first, i = 3 * first; x <= last; x++, i += 3) {
    const v = weight[x]!;
    const w = other[x]!;
    rgb[i] = v * a[i]! + w * b[i]!;
    rgb[i + 1] = v * a[i + 1]! + w * b[i + 1]!;
    rgb[i + 2] = v * a[i + 2]! + w * b[i + 2]!;
  }
}

function addPlanes(
  rgb: Float32Array,
  r: Float32Array,
  g: Float32Array,
  b: Float32Array,
  first: number,
  last: number,
): void {
  for (let x = first, i = 3 * first; x <= last; x++, i += 3) {
    rgb[i]! += r[x]!;
    rgb[i + 1]! += g[x]!;
    rgb[i + 2]! += b[x]!;
  }
}

interface Walk {
  readonly grid: Grid;
  readonly out: readonly Float32Array[];
}

/** Grids of one side are walked through together. */
function bySide(all: readonly (readonly [Grid | null, readonly Float32Array[]])[]): Walk[] {
  const walks = new Map<number, Walk>();
  for (const [grid, out] of all) {
    if (!grid) continue;
    const { side, planes } = grid;
    const known = walks.get(side) ?? { grid: { side, planes: [] }, out: [] };
    const together = { side, planes: [...known.grid.planes, ...planes] };
    walks.set(side, { grid: together, out: [...known.out, ...out] });
  }
  return [...walks.values()];
}

/** Colours along their curves, in place. */
function bend(
  rgb: Float32Array,
  [red, green, blue]: Curves,
  first: number,
  last: number,
  wanted: Float32Array,
): void {
  for (let x = first, i = 3 * first; x <= last; x++, i += 3) {
    if (wanted[x] === 0) continue;
    rgb[i] = along(red!, rgb[i]!);
    rgb[i + 1] = along(green!, rgb[i + 1]!);
    rgb[i + 2] = along(blue!, rgb[i + 2]!);
  }
}

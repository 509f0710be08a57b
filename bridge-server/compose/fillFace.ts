import type { Quad } from '../../protocol/geometry';
import type { Mask, Raster } from '../../protocol/raster';
import { sampleQuad, smoothstep, type FacePlanes } from '../faces';
import { shownThrough, type ComposedFace } from './composedFace';
import { planesOf, resizeGrid, type Grid } from './grid';
import { lightGain, relit } from './lightGain';
import { toLinear, toSrgb } from './linearLight';
import { membrane } from './membrane';

/** Cells known less than this are mixed with what is to be replaced. */
const known = 0.9;
/** The rim's difference is taken this many cells wide, so that its grain is not drawn into the hole. */
const rimCells = 3;

/** What surrounds a hole, in the aligned crop. */
export interface Surroundings {
  /** Three planes, 0..1, premultiplied by `there`. */
  readonly photograph: Grid;
  /** One plane, 0..1: how much of each cell is photograph. */
  readonly there: Grid;
}

/** Fine enough for the rim; the membrane behind it is smooth. */
const side = 512;

/**
 * The aligned face without what is in the hole.
 * @param hole of the region's size
 */
export function surroundingsOf(region: Raster, quad: Quad, hole: Mask): Surroundings {
  const data = region.data.slice();
  // Nothing of a pixel that is selected in part is trusted.
  for (let i = 0; i < hole.data.length; i++) if (hole.data[i]! > 0) data[i * 4 + 3] = 0;
  const planes = [0, 1, 2, 3].map(() => new Float32Array(side * side));
  // A linear filter: others overshoot along the rim, and the fill would take that for light.
  sampleQuad({ ...region, data }, quad, side, 'linear', (row, y) => {
    for (let x = 0, at = y * side; x < side; x++, at++) {
      for (let c = 0; c < 4; c++) planes[c]![at] = row[x * 4 + c]!;
    }
  });
  return {
    photograph: { side, planes: planes.slice(0, 3) },
    there: { side, planes: planes.slice(3) },
  };
}

/**
 * The generator's pixels in a hole of the photograph, in its light: the difference along the hole's
 * rim goes in as a membrane (Pérez et al. 2003), so that no step of colour is left there.
 * @param feather share of the hole's size (the root of its area) over which it fades in, from the rim inwards
 * @param eyes where each eye of the generator's picture is: one that is drawn gets the colour of one that is seen
 */
export function fillFace(
  image: FacePlanes,
  surroundings: Surroundings,
  feather: number,
  eyes: Grid | null = null,
): ComposedFace {
  const { photograph, there } = surroundings;
  const coverage = there.planes[0]!;
  const generated = resizeGrid(planesOf(image), side);
  const rim = rimOf(coverage);
  const difference = photograph.planes.map((plane, c) =>
    plane.map((value, i) => (rim[i]! > 0 ? value / coverage[i]! - generated.planes[c]![i]! : 0)),
  );
  const light = membrane(difference, rim, side);
  if (eyes) colourEyes(light, generated, resizeGrid(eyes, side), surroundings);
  const outside = Uint8Array.from(coverage, (value) => (value > 1 - known ? 1 : 0));
  const inside = Uint8Array.from(outside, (value) => 1 - value);
  const mask = distanceTo(inside).map((cells) => (cells <= rimCells ? 1 : 0));
  const depth = feather * Math.sqrt(coverage.reduce((area, value) => area + 1 - value, 0));
  const fade = distanceTo(outside).map((cells) => smoothstep(cells / depth));
  return {
    ...shownThrough(image, { side, planes: [mask] }),
    shift: { side, planes: light },
    // Fades of less than a cell would show the cells.
    fade: depth < 1 ? null : { side, planes: [fade] },
  };
}

/** Less of a picture than this is no iris or white to go by: a quarter of one. */
const leastSeen = 0.0002;
/** What is less of an iris or white has its neighbour's colour in it. */
const core = 0.9;

/** Eyes that are drawn get the colours of one that is seen: what suits the skin along the rim would tint them. */
function colourEyes(
  light: readonly Float32Array[],
  generated: Grid,
  eyes: Grid,
  { photograph, there }: Surroundings,
): void {
  const irises = irisesOf(generated, eyes);
  const whites = irises.map((iris, i) =>
    Math.max(0, eyes.planes.reduce((share, plane) => share + plane[i]!, 0) - iris),
  );
  // A catchlight in an iris stays white.
  const parts = [
    [irises, relit],
    [whites, brightened],
  ] as const;
  for (const [part, inLight] of parts) {
    const seen = part.map((share, i) => (share > core && there.planes[0]![i]! > known ? share : 0));
    const share: Grid = { side, planes: [seen] };
    const gain = lightGain(
      { picture: generated, share },
      { picture: photograph, share },
      leastSeen,
    );
    if (!gain) continue;
    light.forEach((plane, c) => {
      generated.planes[c]!.forEach((value, i) => {
        if (part[i] === 0) return;
        plane[i]! += part[i]! * (inLight(value, gain[c]!) - value - plane[i]!);
      });
    });
  }
}

const brightened = (value: number, gain: number): number =>
  toSrgb(Math.min(1, gain * toLinear(value)));

/** An iris's radius, in radii of a disc with the eye's area, over which it fades out. */
const irisRadius = 1.1;

/** Irises, 0..1: discs around the dark of each eye, without its white. */
function irisesOf(generated: Grid, eyes: Grid): Float32Array {
  const [r, g, b] = generated.planes;
  const luma = r!.map((value, i) => (value + g![i]! + b![i]!) / 3);
  const result = new Float32Array(side * side);
  for (const share of eyes.planes) {
    const white = luma.reduce((most, value, i) => Math.max(most, share[i]! * value), 0);
    // White is nothing of it, and what is half as bright all.
    const iris = share.map((value, i) =>
      value > 0 ? value * smoothstep(2 * (1 - luma[i]! / white)) : 0,
    );
    let [area, weight, x, y] = [0, 0, 0, 0];
    iris.forEach((value, i) => {
      area += share[i]!;
      weight += value;
      x += value * (i % side);
      y += value * Math.floor(i / side);
    });
    if (weight === 0) continue;
    const radius = irisRadius * Math.sqrt(area / Math.PI);
    iris.forEach((value, i) => {
      if (value === 0) return;
      const away = Math.hypot((i % side) - x / weight, Math.floor(i / side) - y / weight) / radius;
      result[i]! += value * smoothstep(3 * (1 - away));
    });
  }
  return result;
}

/** 1 in the photograph's cells nearest to the hole, 0 elsewhere. */
function rimOf(coverage: Float32Array): Float32Array {
  const near = new Uint8Array(coverage.length);
  for (let i = 0; i < coverage.length; i++) near[i] = coverage[i]! < known ? 1 : 0;
  const distance = distanceTo(near);
  return distance.map((cells) => (cells > 0 && cells <= rimCells ? 1 : 0));
}

/** Distance in cells to the nearest marked one, by two passes of steps of 1 and √2 (Borgefors 1986). */
function distanceTo(marked: Uint8Array): Float32Array {
  const far = 4 * side;
  const out = Float32Array.from(marked, (value) => (value > 0 ? 0 : far));
  const pass = (from: number, to: number, step: number): void => {
    for (let y = from; y !== to; y += step) {
      for (let x = from; x !== to; x += step) {
        const at = y * side + x;
        let best = out[at]!;
        const back = x - step;
        if (back >= 0 && back < side) best = Math.min(best, out[at - step]! + 1);
        const above = y - step;
        if (above >= 0 && above < side) {
          const row = above * side;
          best = Math.min(best, out[row + x]! + 1);
          if (back >= 0 && back < side) best = Math.min(best, out[row + back]! + Math.SQRT2);
          const ahead = x + step;
          if (ahead >= 0 && ahead < side) best = Math.min(best, out[row + ahead]! + Math.SQRT2);
        }
        out[at] = best;
      }
    }
  };
  pass(0, side, 1);
  pass(side - 1, -1, -1);
  return out;
}

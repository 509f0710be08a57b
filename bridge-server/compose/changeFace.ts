import { fadeToBorder, smoothstep, type FacePlanes } from '../faces';
import { carryGrid } from './carry';
import { agreement } from './changeMeasure';
import type { ComposedFace } from './composedFace';
import { evenness } from './evenness';
import { blur, difference, measuredPlanes, product, resizeGrid, type Grid } from './grid';
import { curved, type Curves } from './matchColour';
import { membrane } from './membrane';

export interface Change {
  /** The face as it is, aligned, 0..1, of any size from 256 on. */
  readonly photograph: FacePlanes;
  /** How much of the photograph is there, one plane of 0..1. */
  readonly alpha: Grid;
  /** The generator's picture before the edit, and after it; of one size. */
  readonly reconstructed: FacePlanes;
  readonly edited: FacePlanes;
  /** What is done to the colours of both; `null` leaves them. */
  readonly colours: { readonly reconstructed: Curves | null; readonly edited: Curves | null };
  /** How the face moved between the two (`carryOf`). */
  readonly carry: Grid | null;
  /** Where the face may be drawn anew, by the edited picture; around it the photograph stays, and moves along. */
  readonly area: Grid;
  /** At most at this side it is measured what changes. */
  readonly measuredAt: number;
}

/** Residuals beyond this are things that the generator does not know; they say nothing about colour. */
const unknownThing = 0.15;
/** Forms that agree so far show all of the photograph's detail: mixed with the generator's it would be less of both. */
const agreed = 0.85;
/** A thing of which the generator misses the forms is as wide as this, a share of the side … */
const thingScale = 0.02;
/** … and is drawn anew where less than the first around it agrees, kept from the second on. */
const [otherAround, sameAround] = [0.4, 0.7];
/** Changes of the picture, 0..1, that are not shown, and that are shown in full. */
const [unseen, seen] = [1 / 255, 4 / 255];
/** Where the generator misses the photograph by the first, in 0..1, it still speaks of it; from the second on it does not. */
const [known, unknown] = [0.08, 0.18];
/** How wide it is looked at, as a share of the side: single edges are always missed. */
const trustScale = 0.025;
/** Light is smooth: it is spread at this side, and enlarged. */
const lightSide = 128;
/** Darker than this, 0..1, nothing has a colour. */
const black = 0.02;
/** The mask reaches this far beyond what changes, as a share of the side. */
const maskReach = 0.012;
/** Where a face moved, this wide a rim of the area, as a share of the side, may lie beyond its outline … */
const rimWidth = 0.03;
/** … and is drawn only where colours differ by less than the first, not at all from the second on. */
const [sameThing, otherThing] = [0.06, 0.16];
/** Where the photograph is torn, the area's soft edge is this many times steeper, and reaches farther. */
const tornReach = 2;
/** How wide that is looked at. */
const smoothRim = 0.008;
/** The layer ends this far from the crop's border: nothing moves there. */
const border = 0.03;

/**
 * The photograph plus what the edit changes: with X the photograph, R and E the generator's pictures
 * before and after, k how far they agree, and M the membrane through X − R where they do,
 *
 *     E + M + k · (X − R − M) = k · X + (1 − k) · (E + M) + k · (E − R).
 *
 * Where X shows what R does not, a k of each cell would mix two mouths: X stays or goes there as a whole, and E − R
 * counts by k at most. Where the edit changes nothing, k is 1 and E is R: the photograph itself. Where it shows something
 * else, k is 0: the generator's pixels in the photograph's light. X and R move along with the face, and
 * around the area X alone does: hair turns with the head, and no outline of another head is drawn. Where
 * the way is too uneven for X to look like itself, as on a cheek that turns away, k is 0 too.
 */
export function changeFace(change: Change): ComposedFace {
  const { edited, carry, alpha, colours } = change;
  const side = Math.min(change.measuredAt, edited.size);
  const measured = (image: FacePlanes): Grid => resizeGrid(measuredPlanes(image), side);
  const still = measured(change.photograph);
  const before = curved(measured(change.reconstructed), colours.reconstructed);
  const after = curved(measured(edited), colours.edited);
  const way = carry && resizeGrid(carry, side);
  const x = way ? carryGrid(still, way) : still;
  const r = way ? carryGrid(before, way) : before;
  const there = resizeGrid(alpha, side).planes[0]!;
  const whole = carry && evenness(carry, side);
  const readable = whole ? product(there, whole) : there;
  const alike = agreement(r, after);
  for (let i = 0; i < alike.length; i++) alike[i] = Math.min(1, alike[i]! / agreed) * readable[i]!;
  const staying = asOne(alike, agreement(x, r), readable, side);
  const area = resizeGrid(change.area, side);
  const within = whole ? withinOutline(area.planes[0]!, x, after, whole) : area.planes[0]!;
  const drawn = shownOf(within, x, r, keepOf(staying, within));
  const light = lightOf(x, r, after, product(alike, drawn));

  const shown = after.planes.map((plane, c) => {
    const [still, before, shift] = [x.planes[c]!, r.planes[c]!, light[c]!];
    const mixed = new Float32Array(plane.length);
    for (let i = 0; i < mixed.length; i++) {
      const k = staying[i]!;
      const anew = plane[i]! + shift[i]! - still[i]!;
      const change = plane[i]! - before[i]!;
      mixed[i] = still[i]! + drawn[i]! * ((1 - k) * anew + Math.min(k, alike[i]!) * change);
    }
    return mixed;
  });
  const keep = keepOf(staying, drawn);
  // E − R as the cells have it: what is finer is drawn only where the photograph is not kept, or its own detail
  // would be there twice.
  const smooth = after.planes.map((plane, c) => {
    const change = difference(plane, r.planes[c]!);
    // What was read between cells is less sharp than what was not.
    const even = carry ? blur(change, side, 1) : change;
    const shift = light[c]!;
    for (let i = 0; i < even.length; i++) {
      const k = staying[i]!;
      even[i] = drawn[i]! * ((1 - k) * shift[i]! + Math.min(k, alike[i]!) * even[i]!);
    }
    return even;
  });
  return {
    drawn: edited,
    curves: colours.edited,
    share: { side, planes: [difference(drawn, product(staying, drawn))] },
    shift: { side, planes: smooth },
    keep: { side, planes: [keep] },
    mask: changedMask(still, { side, planes: shown }),
    fade: null,
    carry,
  };
}

/**
 * How far X stays. Where it shows other forms than R, how R and E agree at a cell says nothing of what X has there: what
 * agrees around it decides. A mouth is the photograph's or the edit's, never teeth over teeth.
 */
function asOne(
  alike: Float32Array,
  known: Float32Array,
  readable: Float32Array,
  side: number,
): Float32Array {
  const around = blur(alike, side, thingScale * side);
  const staying = new Float32Array(alike.length);
  for (let i = 0; i < staying.length; i++) {
    const all = smoothstep((around[i]! - otherAround) / (sameAround - otherAround)) * readable[i]!;
    staying[i] = all + known[i]! * (alike[i]! - all);
  }
  return staying;
}

/** What the layer shows of the photograph: all around what is drawn. */
function keepOf(alike: Float32Array, drawn: Float32Array): Float32Array {
  const keep = new Float32Array(alike.length);
  for (let i = 0; i < keep.length; i++) keep[i] = 1 - drawn[i]! * (1 - alike[i]!);
  return keep;
}

/**
 * The area less what its rim shows of the generator's own background, hair or ear: a mesh misses the outline
 * of a turned face by some of its width. Where the photograph is torn, it has nothing better to show.
 */
function withinOutline(
  area: Float32Array,
  x: Grid,
  after: Grid,
  whole: Float32Array,
): Float32Array {
  const { side } = x;
  const core = blur(area, side, rimWidth * side);
  const apart = new Float32Array(area.length);
  x.planes.forEach((plane, c) => {
    const other = difference(after.planes[c]!, plane);
    for (let i = 0; i < other.length; i++) other[i] = Math.abs(other[i]!);
    const smooth = blur(other, side, smoothRim * side);
    for (let i = 0; i < apart.length; i++) apart[i] = Math.max(apart[i]!, smooth[i]!);
  });
  const within = new Float32Array(area.length);
  for (let i = 0; i < within.length; i++) {
    const sure = smoothstep((core[i]! - 0.6) / 0.4);
    const other = whole[i]! * smoothstep((apart[i]! - sameThing) / (otherThing - sameThing));
    const reached = Math.min(1, area[i]! * (1 + (1 - whole[i]!) * tornReach));
    within[i] = reached * (1 - (1 - sure) * other);
  }
  return within;
}

/**
 * The membrane through X − R where the two show the same things; less of it on what the edit draws darker than
 * they are there: lashes, pupils and black cloth do not take on what skin lacks.
 */
function lightOf(x: Grid, r: Grid, after: Grid, keep: Float32Array): Float32Array[] {
  const { side } = x;
  const slow = x.planes.map((plane, c) =>
    blur(difference(plane, r.planes[c]!), side, 0.01 * side),
  ) as [Float32Array, Float32Array, Float32Array];
  const weight = new Float32Array(keep.length);
  for (let i = 0; i < weight.length; i++) {
    const k = keep[i]!;
    const red = slow[0][i]!;
    const green = slow[1][i]!;
    const blue = slow[2][i]!;
    const apart = 1 + (red * red + green * green + blue * blue) / unknownThing ** 2;
    // Light enough that the membrane smooths over single cells.
    weight[i] = (0.001 * k * k) / (apart * apart);
  }
  const [brightness, ...light] = membraneThrough([brightnessOf(r), ...slow], weight, side);
  const shown = brightnessOf(after);
  for (let i = 0; i < shown.length; i++) {
    const share = Math.min(1, shown[i]! / Math.max(black, brightness![i]!));
    for (let c = 0; c < 3; c++) light[c]![i]! *= share;
  }
  return light;
}

/** At `lightSide`: a coarse cell says as much as all the fine ones in it. */
function membraneThrough(
  values: readonly Float32Array[],
  weight: Float32Array,
  side: number,
): readonly Float32Array[] {
  const cells = Math.min(side, lightSide);
  const [says, ...coarse] = resizeGrid({ side, planes: [weight, ...values] }, cells).planes;
  for (let i = 0; i < says!.length; i++) says![i]! *= (side / cells) ** 2;
  return resizeGrid({ side: cells, planes: membrane(coarse, says!, cells) }, side).planes;
}

function brightnessOf({ planes }: Grid): Float32Array {
  const [r, g, b] = planes as [Float32Array, Float32Array, Float32Array];
  const mean = new Float32Array(r.length);
  for (let i = 0; i < mean.length; i++) mean[i] = (r[i]! + g[i]! + b[i]!) / 3;
  return mean;
}

/**
 * How much of the change is shown within the area: where the generator saw another thing than the photograph, hair
 * for a hat or a wall for the sea, small changes of it say nothing; what is drawn anew is shown everywhere.
 */
function shownOf(within: Float32Array, x: Grid, r: Grid, keep: Float32Array): Float32Array {
  const { side } = x;
  const square = new Float32Array(keep.length);
  x.planes.forEach((plane, c) => {
    const other = r.planes[c]!;
    for (let i = 0; i < square.length; i++) square[i]! += (plane[i]! - other[i]!) ** 2 / 3;
  });
  const unchanged = blur(keep, side, 0.5 * trustScale * side);
  const apart = blur(square, side, trustScale * side);
  const shown = new Float32Array(keep.length);
  for (let i = 0; i < shown.length; i++) {
    const strange = smoothstep((Math.sqrt(apart[i]!) - known) / (unknown - known));
    shown[i] = within[i]! * (1 - unchanged[i]! * strange);
  }
  return shown;
}

/** Where the picture becomes another one, a little grown and soft. */
function changedMask(before: Grid, after: Grid): Grid {
  const { side } = before;
  const visible = new Float32Array(side * side);
  before.planes.forEach((plane, c) => {
    const smooth = blur(difference(after.planes[c]!, plane), side, 1);
    for (let i = 0; i < visible.length; i++) {
      visible[i] = Math.max(visible[i]!, Math.abs(smooth[i]!));
    }
  });
  for (let i = 0; i < visible.length; i++) {
    visible[i] = smoothstep((visible[i]! - unseen) / (seen - unseen));
  }
  const reach = maskReach * side;
  const grown = blur(visible, side, reach);
  const inside = fadeToBorder(side, border);
  for (let i = 0; i < inside.length; i++) inside[i]! *= smoothstep(grown[i]! * 2.5);
  return { side, planes: [inside] };
}

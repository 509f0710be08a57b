import { fadeToBorder, smoothstep, type FacePlanes } from '../faces';
import type { ComposedFace } from './composedFace';
import { blur, planesOf, resizeGrid, type Grid } from './grid';
import { guidedShare } from './guidedMask';
import type { Curves } from './matchColour';
import { membrane } from './membrane';
import { recolour } from './recolour';

/** What a crop shows of a head, each one plane of 0..1. */
export interface HeadParts {
  /** With all that is on it: hair, ears, glasses, a hat. */
  readonly head: Grid;
  readonly neck: Grid;
  readonly background: Grid;
}

export interface ReplacedHead {
  readonly drawn: FacePlanes;
  /** What is done to its colours first. */
  readonly colours: Curves | null;
  readonly drawnParts: HeadParts;
  /** The photograph where that head goes, aligned, and how much of it is there. */
  readonly photograph: FacePlanes;
  readonly alpha: Grid;
  readonly parts: HeadParts;
  /** Lowest point of the drawn face, as a share of the crop's side. */
  readonly chin: number;
  /** Below the chin the photograph's own neck, hair and clothes come back over this share of the crop's side. */
  readonly feather: number;
}

const side = 256;
/** The drawn head is cut out this fine. */
const cutSide = 512;
/* Shares of the crop's side. */
/** The old head is taken away with its soft edge. */
const grown = 0.03;
/** Harder joints would show cells. */
const leastFeather = 0.01;
/** Nothing is changed along the crop's border. */
const border = 0.03;
/** Hair that the crop's upper end cuts off joins the photograph's over this length. */
const joint = 0.08;
/** Share of background from which on a cell's colour is the background's. */
const sure = 0.9;
/** How much each of those cells says. */
const groundWeight = 0.01;

/**
 * A head in the place of another: the drawn head cut out along its hair, and where the old one was and the
 * new one is not, the background around goes on as a membrane. With α the drawn head's share and G its own
 * background, E = α·F + (1 − α)·G: in its soft edge the photograph's background takes G's place.
 */
export function replaceHead(replaced: ReplacedHead): ComposedFace {
  const { drawn, colours, drawnParts, photograph, parts, chin } = replaced;
  const feather = Math.max(leastFeather, replaced.feather);
  const { size } = drawn;
  const rgb = recolour(drawn, colours, null, null);
  const guide = resizeGrid(planesOf({ size, rgb }), cutSide);
  const there = resizeGrid(replaced.alpha, side).planes[0]!;
  const within = withinCrop(resizeGrid(drawnParts.head, side).planes[0]!);
  const cut: Grid = {
    side: cutSide,
    planes: [cutOut(guide, drawnParts, within.drawn, chin, feather)],
  };
  const gone: Grid = {
    side,
    planes: [
      takenAway(parts, chin, feather / 2).map((value, i) => value * within.gone[i]! * there[i]!),
    ],
  };
  const ground = backgroundOf(planesOf(photograph), parts, there);
  const drawnGround = backgroundOf(guide, drawnParts, null);

  const goneFine = resizeGrid(gone, cutSide).planes[0]!;
  const keep = cut.planes[0]!.map((share, i) => (1 - share) * (1 - goneFine[i]!));
  const add = new Float32Array(rgb.length);
  const [a, g] = [resizeGrid(cut, size).planes[0]!, resizeGrid(gone, size).planes[0]!];
  const [mine, theirs] = [ground, drawnGround].map((grid) => resizeGrid(grid, size).planes);
  for (let c = 0, at = 0; c < 3; c++) {
    const [m, t] = [mine![c]!, theirs![c]!];
    for (let i = 0; i < a.length; i++, at++) {
      const share = a[i]!;
      add[at] = share * (rgb[at]! + (1 - share) * (m[i]! - t[i]!)) + (1 - share) * g[i]! * m[i]!;
    }
  }
  return {
    size,
    add,
    keep: { side: cutSide, planes: [keep] },
    mask: maskOf({ side: cutSide, planes: [keep] }),
    fade: null,
    carry: null,
  };
}

/** Where some of the photograph goes, and its soft edge. */
function maskOf(keep: Grid): Grid {
  const [share] = resizeGrid(keep, side).planes;
  const changed = share!.map((value) => smoothstep((1 - value) * 8));
  return { side, planes: [blur(changed, side, 1)] };
}

/**
 * What may be shown of a head, and taken away of another: 0 along the crop's border. Where the crop's upper
 * end cuts hair off, the photograph's stays and is joined.
 * @param head share of each cell, side²
 */
function withinCrop(head: Float32Array) {
  const drawn = fadeToBorder(side, border);
  const gone = drawn.slice();
  const end = Math.round(border * side);
  for (let x = 0; x < side; x++) {
    const cut = smoothstep(head[end * side + x]! * 2);
    if (cut === 0) continue;
    for (let y = 0; y < 2 * joint * side; y++) {
      const at = y * side + x;
      const share = (y + 0.5) / side / joint;
      drawn[at]! *= 1 - cut * (1 - smoothstep(share));
      gone[at]! *= 1 - cut * (1 - smoothstep(share - 1));
    }
  }
  return { drawn, gone };
}

/** How much of each cell is drawn, cutSide²: head and neck, down to a little below the chin. */
function cutOut(
  guide: Grid,
  { head, neck }: HeadParts,
  within: Float32Array,
  chin: number,
  feather: number,
): Float32Array {
  const [h, n] = [head, neck].map((grid) => resizeGrid(grid, side).planes[0]!);
  const share = h!.map((value, i) => Math.min(1, value + n![i]!));
  const limit = within.map((value, i) => value * downTo(chin, feather, i));
  const limits = resizeGrid({ side, planes: [limit] }, cutSide).planes[0]!;
  return guidedShare(guide, share).map((value, i) => value * limits[i]!);
}

/** How much of each cell of the old head goes, side²: below the chin it may be hair over shoulders, which stays. */
function takenAway({ head }: HeadParts, chin: number, feather: number): Float32Array {
  const old = blur(resizeGrid(head, side).planes[0]!, side, grown * side);
  return old.map((value, i) => smoothstep((value - 0.02) / 0.25) * downTo(chin, feather, i));
}

/** 1 down to the chin, 0 from `length` below it, in cell `i` of side². */
const downTo = (chin: number, length: number, i: number): number =>
  1 - smoothstep(((Math.floor(i / side) + 0.5) / side - chin) / length);

/**
 * The background behind everything, as far as what is seen of it tells.
 * @param there how much of the picture is there, side²; `null` for all
 */
function backgroundOf(picture: Grid, { background }: HeadParts, there: Float32Array | null): Grid {
  const share = blur(resizeGrid(background, side).planes[0]!, side, 2);
  const weight = share.map((value, i) => (value > sure ? groundWeight * (there?.[i] ?? 1) : 0));
  return { side, planes: membrane(resizeGrid(picture, side).planes, weight, side) };
}

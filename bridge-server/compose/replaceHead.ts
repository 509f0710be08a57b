import { fadeToBorder, smoothstep, type FacePlanes } from '../faces';
import { shownThrough, type ComposedFace } from './composedFace';
import { fillPatches } from './fillPatches';
import { blur, planesOf, resizeGrid, type Grid } from './grid';
import { guidedShare } from './guidedMask';
import { membrane } from './membrane';
import { relightParts, type HeadParts } from './relightParts';

export interface ReplacedHead {
  readonly drawn: FacePlanes;
  readonly drawnParts: HeadParts;
  /** 0..1: how far skin and hair are brought into the colours of the photograph's. */
  readonly matchColour: number;
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
/** The old face is taken away with its soft edge. */
const grown = 0.03;
/** Harder joints would show cells. */
const leastFeather = 0.01;
/** Nothing is changed along the crop's border. */
const border = 0.05;
/** How far around the drawn face its own hair is shown over the photograph's. */
const hairline = 0.05;
/** And about how far it is shown over a wall, where the skull is: wider hair is cut by the crop. */
const crown = 0.09;
/** Eyes and mouth of an aligned face: above the first hair lies on the skull, below the second it hangs. */
const [eyes, mouth] = [0.45, 0.68];
/** Share of face from which on a cell holds two pieces of it together. */
const solid = 0.3;
/** Share of background from which on a cell's colour is the background's. */
const sure = 0.9;
/** How much each of those cells says. */
const groundWeight = 0.01;

/**
 * A drawn head in the place of another that was turned far. The photograph keeps its hair wherever it has
 * some: what is drawn ends with the crop, and a head of hair does not. Drawn are the face, its hairline, and the
 * hair where the old face was, or where nothing but wall is above the new one. What is left of the old face
 * becomes what is around it. With α the drawn head's share and G its own background, E = α·F + (1 − α)·G: in its
 * soft edge the photograph's background takes G's place.
 */
export function replaceHead(replaced: ReplacedHead): ComposedFace {
  const { drawn, drawnParts, photograph, parts, chin, matchColour } = replaced;
  const feather = Math.max(leastFeather, replaced.feather);
  const { size } = drawn;
  const own = small(parts);
  const rgb = relightParts({ drawn, drawnParts, photograph, parts }, matchColour);
  const guide = resizeGrid(planesOf({ size, rgb }), cutSide);
  const there = resizeGrid(replaced.alpha, side).planes[0]!;
  const inside = fadeToBorder(side, border);
  const limit = shownOf(small(drawnParts), own, chin, feather).map(
    (value, i) => value * inside[i]!,
  );
  const matte = matteOf(guide, drawnParts);
  const limits = resizeGrid({ side, planes: [limit] }, cutSide).planes[0]!;
  const shown = matte.map((value, i) => value * limits[i]!);

  const gone = takenAway(oneFace(own.face)).map(
    (value, i) => value * inside[i]! * there[i]! * downTo(chin, feather / 2, i),
  );
  const covered = resizeGrid({ side: cutSide, planes: [shown] }, side).planes[0]!;
  const old = gone.map((value, i) => (covered[i]! > 0.98 ? 0 : value));
  const behind = fillPatches(resizeGrid(planesOf(photograph), side), old, unlike(gone, there));
  const ground = backgroundOf(planesOf(photograph), parts, there);
  const drawnGround = backgroundOf(guide, drawnParts, null);

  const goneFine = resizeGrid({ side, planes: [old] }, cutSide).planes[0]!;
  const keep = shown.map((share, i) => (1 - share) * (1 - goneFine[i]!));
  const add = new Float32Array(rgb.length);
  const [a, l, g] = [
    { side: cutSide, planes: [matte] },
    { side, planes: [limit] },
    { side, planes: [old] },
  ].map((grid) => resizeGrid(grid, size).planes[0]!) as [Float32Array, Float32Array, Float32Array];
  const [filled, mine, theirs] = [behind, ground, drawnGround].map(
    (grid) => resizeGrid(grid, size).planes,
  );
  for (let c = 0, at = 0; c < 3; c++) {
    const [f, m, t] = [filled![c]!, mine![c]!, theirs![c]!];
    for (let i = 0; i < a.length; i++, at++) {
      const share = a[i]! * l[i]!;
      add[at] = share * (rgb[at]! + (1 - a[i]!) * (m[i]! - t[i]!)) + (1 - share) * g[i]! * f[i]!;
    }
  }
  const kept = { side: cutSide, planes: [keep] };
  return { ...shownThrough({ size, rgb: add }, maskOf(kept)), keep: kept };
}

type Planes = Readonly<Record<keyof HeadParts, Float32Array>>;

/** Each part side². */
function small(parts: HeadParts): Planes {
  const [face, hair, neck, background] = [parts.face, parts.hair, parts.neck, parts.background].map(
    (grid) => resizeGrid(grid, side).planes[0]!,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  return { face, hair, neck, background };
}

/** Where some of the photograph goes, and its soft edge. */
function maskOf(keep: Grid): Grid {
  const [share] = resizeGrid(keep, side).planes;
  const changed = share!.map((value) => smoothstep((1 - value) * 8));
  return { side, planes: [blur(changed, side, 1)] };
}

/** How much of each cell is head and neck in the drawn picture, cutSide². */
function matteOf(guide: Grid, { face, hair, neck }: HeadParts): Float32Array {
  const [f, h, n] = [face, hair, neck].map((grid) => resizeGrid(grid, side).planes[0]!);
  return guidedShare(
    guide,
    f!.map((value, i) => Math.min(1, value + h![i]! + n![i]!)),
  );
}

/** How much of what is drawn is shown, side². */
function shownOf(drawn: Planes, own: Planes, chin: number, feather: number): Float32Array {
  const near = blur(drawn.face, side, hairline * side).map((value) => smoothstep(value * 3));
  const head = blur(drawn.face, side, crown * side).map((value) => smoothstep(value * 6));
  const kept = blur(own.hair, side, 2);
  const was = blur(own.face, side, 2);
  return near.map((close, i) => {
    const skull = head[i]! * downTo(eyes, mouth - eyes, i);
    const hair = (1 - kept[i]!) * Math.max(skull, Math.min(1, was[i]!));
    return Math.max(close, hair) * downTo(chin, feather, i);
  });
}

/** How much of each cell of the old face goes, side². */
function takenAway(face: Float32Array): Float32Array {
  return blur(face, side, grown * side).map((value) => smoothstep((value - 0.02) / 0.25));
}

/** The piece around most of what is taken for a face: hands, shoulders and others beside it are none. */
function oneFace(face: Float32Array): Float32Array {
  const skin = blur(face, side, 1);
  const middle = blur(face, side, side / 16);
  const start = middle.reduce((best, value, i) => (value > middle[best]! ? i : best), 0);
  const one = new Float32Array(face.length);
  const open = [start];
  while (open.length > 0) {
    const i = open.pop()!;
    if (one[i]! > 0 || !(skin[i]! > solid)) continue;
    one[i] = skin[i]!;
    const x = i % side;
    if (x > 0) open.push(i - 1);
    if (x + 1 < side) open.push(i + 1);
    open.push(i - side, i + side);
  }
  return one;
}

/** What may take the old face's place, side²: all that is there and is not it. */
const unlike = (gone: Float32Array, there: Float32Array): Uint8Array =>
  Uint8Array.from(gone, (value, i) => (value < 0.05 && there[i]! > 0.95 ? 1 : 0));

/** 1 down to `from`, 0 from `length` below it, in cell `i` of side². */
const downTo = (from: number, length: number, i: number): number =>
  1 - smoothstep(((Math.floor(i / side) + 0.5) / side - from) / length);

/**
 * The background behind everything, as far as what is seen of it tells.
 * @param there how much of the picture is there, side²; `null` for all
 */
function backgroundOf(picture: Grid, { background }: HeadParts, there: Float32Array | null): Grid {
  const share = blur(resizeGrid(background, side).planes[0]!, side, 2);
  const weight = share.map((value, i) => (value > sure ? groundWeight * (there?.[i] ?? 1) : 0));
  return { side, planes: membrane(resizeGrid(picture, side).planes, weight, side) };
}

import type { Composition } from '../../protocol/operation';
import {
  bandFace,
  carryGrid,
  changeFace,
  colourMatch,
  extremesOf,
  fillFace,
  measureSide,
  mixFaces,
  recolourHair,
  relight,
  replaceFace,
  replaceHead,
  resizeGrid,
  stiffened,
  surroundingsOf,
  untouched,
  type Change,
  type ComposedFace,
  type Grid,
  type Gain,
  type HeadParts,
} from '../compose';
import {
  defaultFeather,
  faceMask,
  frameOfQuad,
  frameSide,
  smoothstep,
  type FacePlanes,
  type MaskArea,
  type Outline,
} from '../faces';
import { trueSide } from '../likeness';
import { squareQuad } from './wholeLayer';
import type { HeadSeat, Placement } from './placement';

/** What the networks drew for one face. */
export interface DrawnFace {
  readonly edited: FacePlanes;
  /** The same face before the edit; `null` where the operation does not start from it. */
  readonly reconstructed: FacePlanes | null;
  /** How the face moved between the two; `null` where it did not. */
  readonly carry: Grid | null;
  /** How far it went aside with its turning head, a share of the crop's side; above 0 to the right. */
  readonly aside: number;
  /** Where the moved face lies, in units of the crop's side; `null` where it is the photograph's. */
  readonly outline: Outline | null;
  /** What the edit is about; `null` for nothing that is drawn. */
  readonly changes: MaskArea | null;
  /** Whether its colours are drawn: then they follow the photograph's by themselves, not as an edit's. */
  readonly restyled: boolean;
  /** Whether only colours change: the photograph's own eyes are kept. */
  readonly still: boolean;
  /** By how much its hair is to be recoloured; `null` leaves it to what is drawn. */
  readonly hair: Gain | null;
  /** The light that its head gets besides; `null` for that of `edited`. */
  readonly light: Light | null;
  /** Where each of its eyes is, planes of 0..1; `null` where nobody asks. */
  readonly eyes: Grid | null;
  /** How far it shows the same parts of a head as the photograph, one plane of 0..1; `null` where nobody asks. */
  readonly shared: Grid | null;
  /** Where it shows glasses; `null` where the photograph shows none. */
  readonly glasses: Grid | null;
  /** What it shows of the head; `null` where it does not replace the photograph's. */
  readonly parts: HeadParts | null;
}

/** Another light: by how much, and what it makes of `edited`. */
interface Light {
  /** A cell's, as `lightBetween` tells them. */
  readonly stops: Grid;
  readonly lit: FacePlanes;
}

/** Masks are smooth. */
const maskSide = 128;
/** A mask that hides nothing, and one that hides all. */
export const everything: Grid = { side: 2, planes: [new Float32Array(4).fill(1)] };
const nothing: Grid = { side: 2, planes: [new Float32Array(4)] };

/**
 * Joins what was drawn with the photograph, as the operation declares and the parameters say.
 * @param measuredAt the side at which a change is measured: less is sooner, and coarser
 */
export function composeFace(
  drawn: DrawnFace,
  placement: Placement,
  composition: Composition,
  measuredAt = measureSide,
): ComposedFace {
  const { pixels, seen, quad, face, hole, parameters } = placement;
  const amount = parameters.matchColour ?? 0;
  if (composition === 'fill' && hole) {
    const around = surroundingsOf(pixels, quad, hole);
    return fillFace(drawn.edited, around, parameters.feather ?? 0, drawn.eyes);
  }
  if (!face) {
    const plain = { image: drawn.edited, mask: everything, colours: null, matchColour: 0 };
    return replaceFace(seen, quad, plain);
  }
  const area = areaMask(placement, drawn.outline, areaOf(placement, drawn));
  if (composition === 'band') {
    const shared = drawn.shared ?? everything;
    return bandFace(placement.photograph, drawn.edited, resolutionOf(placement), area, shared);
  }
  const { reconstructed } = drawn;
  const seat = seatOf(drawn, placement);
  const colours = coloursOf(drawn, placement, area);
  const keep = composition === 'change' && reconstructed ? (parameters.keep ?? 1) : 0;
  const replaced = (): ComposedFace =>
    replaceFace(seen, seat?.quad ?? quad, {
      image: drawn.light?.lit ?? drawn.edited,
      // A head that moved leaves its old outline unless all of the crop is replaced.
      mask: drawn.carry ? areaMask(placement, null, 'crop') : area,
      colours: colours.edited,
      matchColour: amount,
    });
  if (keep === 0 || !reconstructed) return replaced();
  const changed = seat
    ? headInPlace(drawn, seat, amount, parameters.feather)
    : changeAndLight({ ...drawn, reconstructed }, placement, colours, area, measuredAt);
  return keep === 1 ? changed : mixFaces(changed, replaced(), keep);
}

/** What brings the pictures into the photograph's colours: an edit's keep what it changes, drawn styles follow it. */
function coloursOf(drawn: DrawnFace, placement: Placement, area: Grid): Change['colours'] {
  const { photograph, alpha, parameters } = placement;
  const { edited, reconstructed, restyled } = drawn;
  const amount = parameters.matchColour ?? 0;
  const still = drawn.outline ? areaMask(placement, null, areaOf(placement, drawn)) : area;
  const matchOf = (image: FacePlanes) => colourMatch(photograph, image, alpha, still, amount);
  const own = matchOf(reconstructed && !restyled ? reconstructed : edited);
  return { edited: own, reconstructed: restyled && reconstructed ? matchOf(reconstructed) : own };
}

/** The photograph, moved, changed, its hair recoloured and its head lit, as far as the edit does. */
function changeAndLight(
  moved: DrawnFace & { readonly reconstructed: FacePlanes },
  placement: Placement,
  colours: Change['colours'],
  area: Grid,
  measuredAt: number,
): ComposedFace {
  const { photograph, alpha } = placement;
  const glasses = placement.wears?.glasses;
  const carry = moved.carry && glasses ? stiffened(moved.carry, glasses) : moved.carry;
  const drawn = { ...moved, carry };
  const { edited, reconstructed, light } = drawn;
  const hair = drawn.hair && placement.hair;
  const eyes = drawn.still && placement.eyes;
  const within = [hair, eyes, ...keptOf(drawn, placement)].reduce<Grid>(without, area);
  const pictures = { photograph, alpha, reconstructed, edited, colours };
  const plain =
    edited === reconstructed
      ? untouched
      : changeFace({ ...pictures, carry, area: within, measuredAt });
  const coloured = hair ? recolourHair(plain, photograph, hair, drawn.hair!) : plain;
  if (!light) return coloured;
  const { area: asked = 'crop' } = placement.parameters;
  const head = areaMask(placement, null, asked === 'auto' ? 'head' : asked);
  return relight(coloured, photograph, light.stops, carry ? carryGrid(head, carry) : head);
}

/** Where what is drawn takes the place of the whole head; `null` where it stays on its face. */
export const seatOf = (
  { parts, outline }: DrawnFace,
  { seat, parameters }: Placement,
): HeadSeat | null => (seat && parts && outline && parameters.area === 'auto' ? seat : null);

function headInPlace(
  { edited, parts, outline }: DrawnFace,
  seat: HeadSeat,
  matchColour: number,
  feather: number = defaultFeather.face,
): ComposedFace {
  const chin = Math.max(...outline!.contour.map(({ y }) => y));
  return replaceHead({ drawn: edited, drawnParts: parts!, matchColour, ...seat, chin, feather });
}

const areaOf = (
  { parameters: { area = 'crop' } }: Placement,
  { changes }: DrawnFace,
): MaskArea | null => (area === 'auto' ? changes : area);

function areaMask(placement: Placement, outline: Outline | null, area: MaskArea | null): Grid {
  if (area === null) return nothing;
  const { face, quad, parameters } = placement;
  const [shape, around] = outline ? [outline, squareQuad(1)] : [face!, quad];
  const mask = faceMask(shape, around, maskSide, area, parameters.feather);
  // The mesh knows no hair: what it takes for the head holds some of the wall.
  const head = area === 'head' && !outline ? placement.head : undefined;
  if (head) {
    const share = resizeGrid(head, maskSide).planes[0]!;
    mask.forEach((value, i) => (mask[i] = value * smoothstep(share[i]! * 2)));
  }
  return { side: maskSide, planes: [mask] };
}

/**
 * What is worn stays the photograph's, and moves along; where glasses were drawn beside the photograph's
 * there would be two.
 */
function keptOf({ carry, glasses }: DrawnFace, { worn }: Placement): readonly Grid[] {
  const kept = worn ? [carry ? carryGrid(worn, carry) : worn] : [];
  return [...kept, ...(glasses ? [glasses] : [])].map(widened);
}

/** Thin frames fill no cell: what a cell has a share of is taken for all of it and its neighbours. */
function widened(grid: Grid): Grid {
  const { side } = grid;
  const [most] = extremesOf(grid, side).greatest;
  return { side, planes: [most!.map((value) => smoothstep(2 * value))] };
}

/** What is kept is not drawn. */
function without({ side, planes }: Grid, part: Grid | null | undefined | false): Grid {
  if (!part) return { side, planes };
  const share = resizeGrid(part, side).planes[0]!;
  return { side, planes: [planes[0]!.map((value, i) => value * (1 - share[i]!))] };
}

/**
 * Share of what the encoder sees from which on a face is as sharp as its pixels: detail that is there
 * is not drawn a second time.
 */
const sharp = 0.75;

/** Cells a side that the photograph tells apart over the crop: its pixels, or fewer where it is, or is said to be, blurred. */
function resolutionOf({ quad, enlargement, photograph, parameters }: Placement): number {
  const pixels = frameSide(frameOfQuad(quad)) / enlargement;
  const shrink = Number(parameters.shrink ?? 1);
  const told = shrink > 1 ? photograph.size / shrink : trueSide(photograph);
  return told < sharp * photograph.size ? Math.min(pixels, told) : pixels;
}

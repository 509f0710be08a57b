import type { FacePlanes, ReducedPicture } from '../faces';
import type { Quad } from '../../protocol/geometry';
import { rimColourField } from './colourField';
import type { ComposedFace } from './composedFace';
import { measuredPlanes, shownBox, type Grid } from './grid';
import { curved, type Curves } from './matchColour';
import { recolour } from './recolour';

export interface Replacement {
  readonly image: FacePlanes;
  readonly mask: Grid;
  /** What is done to the picture's colours first. */
  readonly colours: Curves | null;
  /** 0..1: how far they are then shifted to meet the region's around the mask. */
  readonly matchColour: number;
  /** Whether the picture will be seen beyond the mask too. */
  readonly whole: boolean;
}

/** The generator's pixels, seen through the mask. */
export function replaceFace(
  picture: ReducedPicture,
  quad: Quad,
  { image, mask, colours, matchColour, whole }: Replacement,
): ComposedFace {
  const { size } = image;
  const seen = (): Grid => curved(measuredPlanes(image), colours);
  const shift = matchColour === 0 ? null : rimColourField(picture, quad, seen(), mask, matchColour);
  const add = recolour(image, colours, shift, whole ? null : shownBox(mask));
  return { size, add, keep: null, mask, fade: null, carry: null };
}

import type { FacePlanes, ReducedPicture } from '../faces';
import type { Quad } from '../../protocol/geometry';
import { rimColourField } from './colourField';
import { shownThrough, type ComposedFace } from './composedFace';
import { measuredPlanes, type Grid } from './grid';
import { curved, type Curves } from './matchColour';

export interface Replacement {
  readonly image: FacePlanes;
  readonly mask: Grid;
  /** What is done to the picture's colours first. */
  readonly colours: Curves | null;
  /** 0..1: how far they are then shifted to meet the region's around the mask. */
  readonly matchColour: number;
}

/** The generator's pixels, seen through the mask. */
export function replaceFace(
  picture: ReducedPicture,
  quad: Quad,
  { image, mask, colours, matchColour }: Replacement,
): ComposedFace {
  const seen = (): Grid => curved(measuredPlanes(image), colours);
  const shift = matchColour === 0 ? null : rimColourField(picture, quad, seen(), mask, matchColour);
  return { ...shownThrough(image, mask), curves: colours, shift };
}

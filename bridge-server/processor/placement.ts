import type { Face } from '../../protocol/face';
import type { Bounds, Quad } from '../../protocol/geometry';
import type { Mask, Raster } from '../../protocol/raster';
import type { Grid, HeadParts } from '../compose';
import type { FacePlanes, ReducedPicture } from '../faces';
import type { PlacingValues } from '../operations/parameters';

/** Where a decoded picture belongs; `quad`, `face` and `hole` are in the pixels of `pixels`. */
export interface Placement {
  readonly pixels: Raster;
  /** The same, around the face, in as many pixels as networks see. */
  readonly seen: ReducedPicture;
  /** How many times larger `pixels` are than the photograph was. */
  readonly enlargement: number;
  /** Of `pixels`, in the document. */
  readonly bounds: Bounds;
  readonly quad: Quad;
  /** `null` where the whole layer is the picture: it has no surroundings to match. */
  readonly face: Face | null;
  readonly hole: Mask | null;
  /** What of the document is selected, where the result may keep to it; `null` without a selection. */
  readonly selection: { readonly bounds: Bounds; readonly mask: Mask } | null;
  /** What the quad shows, as the encoder sees it, and how much of it is there. */
  readonly photograph: FacePlanes;
  readonly alpha: Grid;
  /** How much of what it shows is head and neck; without it, the head is what the mesh makes of it. */
  readonly head?: Grid;
  /** How much of it is hair; known where `head` is. */
  readonly hair?: Grid;
  /** And how much is an eye, its lids a little too. */
  readonly eyes?: Grid;
  /** How much is glasses, a hat, jewellery or clothes. */
  readonly worn?: Grid;
  /** Where it shows glasses, `null` for none; and whether a hat. */
  readonly wears?: { readonly glasses: Grid | null; readonly hat: boolean };
  /** Where a head goes that replaces this one; without it, the head stays. */
  readonly seat?: HeadSeat;
  readonly parameters: PlacingValues;
}

/** Where a drawn head goes: around the middle of the one it replaces, as turning about a neck leaves it. */
export interface HeadSeat extends Pick<Placement, 'quad' | 'photograph' | 'alpha'> {
  readonly parts: HeadParts;
}

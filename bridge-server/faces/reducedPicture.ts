import { boundsOfPoints, intersectBounds, type Point, type Quad } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import { resizeRaster } from '../image/resizeRaster';
import { frameOfQuad, frameSide } from './frame';

/** A picture, or what is around a face in it, in fewer pixels. Places are told in the picture's own. */
export interface ReducedPicture {
  readonly raster: Raster;
  /** Where the raster begins in the picture … */
  readonly left: number;
  readonly top: number;
  /** … and how many of the picture's pixels one of its own covers, along rows and along columns. */
  readonly across: number;
  readonly down: number;
}

/** Pixels for each of a network's: at 1 the turning of the face would soften it. */
const spare = 1.2;
/** How far around a crop it is read, as a share of its side: it is found again, and turned heads are beside theirs. */
const around = 0.5;

export const asItIs = (raster: Raster): ReducedPicture => ({
  ...{ raster, left: 0, top: 0 },
  ...{ across: 1, down: 1 },
});

/**
 * What is around a crop, reduced once for all who look at it: antialiased by Lanczos as FFHQ is.
 * @param size side at which the crop will be seen
 * @throws PspError BAD_INPUT when the quad is no square
 */
export async function reduceAround(
  raster: Raster,
  quad: Quad,
  size: number,
): Promise<ReducedPicture> {
  const side = frameSide(frameOfQuad(quad));
  const scale = (spare * size) / side;
  if (scale >= 1) return asItIs(raster);
  const { left, top, right, bottom } = boundsOfPoints(quad);
  const room = Math.ceil(around * side);
  const part = intersectBounds(
    { left: left - room, top: top - room, right: right + room, bottom: bottom + room },
    { left: 0, top: 0, right: raster.width, bottom: raster.height },
  );
  const [width, height] = [part.right - part.left, part.bottom - part.top];
  // The crop lies outside of the picture: there is nothing to reduce.
  if (width * height === 0) return asItIs(raster);
  const columns = Math.max(1, Math.round(scale * width));
  const rows = Math.max(1, Math.round(scale * height));
  return {
    raster: await resizeRaster(raster, columns, rows, part),
    left: part.left,
    top: part.top,
    across: width / columns,
    down: height / rows,
  };
}

/** A quad of the picture in the pixels of its raster. */
export function quadIn({ left, top, across, down }: ReducedPicture, quad: Quad): Quad {
  const place = ({ x, y }: Point): Point => ({ x: (x - left) / across, y: (y - top) / down });
  return [place(quad[0]), place(quad[1]), place(quad[2]), place(quad[3])];
}

import { PspError } from '../../protocol/errors';
import type { Face } from '../../protocol/face';
import { boundsHeight, boundsWidth } from '../../protocol/geometry';
import type { OperationInput } from '../../protocol/operation';
import type { Region } from '../../protocol/job';
import { alignReduced, reduceAround, type ReducedPicture } from '../faces';
import { alignHole, regionHole, requireSameSize } from './hole';
import type { EncoderSource } from '../operations/operation';
import type { PlacingValues } from '../operations/parameters';
import type { Placement } from './placement';
import { layOnSquare, squareQuad, type Ground } from './wholeLayer';

/** A region made ready: what the encoder looks at, and where the answer will go. */
export interface Source {
  readonly encoderSource: EncoderSource;
  readonly placement: Placement;
}

/** Paper for a drawing, the background class for labels, mid-grey for pictures. */
const grounds: Readonly<Record<OperationInput, Ground>> = {
  sketch: [1, 1, 1],
  'label-map': [0, 0, 0],
  face: [0.5, 0.5, 0.5],
  'face-or-layer': [0.5, 0.5, 0.5],
};

/** A region's face as it was found in its pixels, and these as networks see them. */
export interface SeenFace {
  readonly face: Face;
  readonly seen: ReducedPicture;
}

/**
 * Aligns the face of a region.
 * @param size side of the encoder's input
 * @throws PspError BAD_INPUT when the hole does not fit the pixels
 */
export function readFace(
  region: Region,
  { face, seen }: SeenFace,
  size: number,
  readsMask: boolean,
  parameters: PlacingValues,
): Source {
  const { pixels, bounds } = region;
  const hole = readsMask ? regionHole(pixels, region.hole) : null;
  const { rgb, alpha } = alignReduced(seen, face.quad, size);
  const photograph = { size, rgb };
  return {
    encoderSource: { ...photograph, hole: hole && alignHole(hole, face.quad, size) },
    placement: {
      pixels,
      seen,
      enlargement: 1,
      bounds,
      quad: face.quad,
      face,
      hole,
      selection: readsMask ? null : selectionOf(region),
      photograph,
      alpha: { side: size, planes: [alpha] },
      parameters,
    },
  };
}

/**
 * Fits all of a region into a square.
 * @param size side of the encoder's input
 * @throws PspError BAD_INPUT when a selection does not fit the pixels
 */
export async function readWhole(
  region: Region,
  size: number,
  input: OperationInput,
  parameters: PlacingValues,
): Promise<Source> {
  const { pixels, bounds } = layOnSquare(region.pixels, region.bounds, grounds[input]);
  const quad = squareQuad(pixels.width);
  const seen = await reduceAround(pixels, quad, size);
  const { rgb, alpha } = alignReduced(seen, quad, size);
  return {
    encoderSource: { size, rgb, hole: null },
    placement: {
      pixels,
      seen,
      enlargement: 1,
      bounds,
      quad,
      face: null,
      hole: null,
      selection: selectionOf(region),
      photograph: { size, rgb },
      alpha: { side: size, planes: [alpha] },
      parameters,
    },
  };
}

/** @throws PspError BAD_INPUT when it is of another size than the pixels */
function selectionOf({ pixels, bounds, hole }: Region): Placement['selection'] {
  return hole && { bounds, mask: requireSameSize(pixels, hole) };
}

/** @throws PspError BAD_INPUT when the region does not fit its bounds, NO_FACE when it needs one */
export function checkRegion({ pixels, bounds, face }: Region, input: OperationInput): void {
  const { width, height, data } = pixels;
  if (width < 1 || height < 1) {
    throw new PspError(
      'BAD_INPUT',
      'The layer has no pixels. Select a layer with a picture on it.',
    );
  }
  if (
    width !== boundsWidth(bounds) ||
    height !== boundsHeight(bounds) ||
    data.length !== width * height * 4
  ) {
    throw new PspError(
      'BAD_INPUT',
      `${data.length} values were sent for ${width} × ${height} pixels in bounds of ${boundsWidth(bounds)} × ${boundsHeight(bounds)}: they must agree.`,
    );
  }
  if (input === 'face' && !face) {
    throw new PspError('NO_FACE', 'This operation works on a face, and none was chosen.');
  }
}

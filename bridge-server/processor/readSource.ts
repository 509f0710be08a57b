import { PspError } from '../../protocol/errors';
import { transformFace } from '../../protocol/face';
import { boundsHeight, boundsWidth } from '../../protocol/geometry';
import type { OperationInput } from '../../protocol/operation';
import type { Region } from '../../protocol/job';
import { alignFace } from '../faces';
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

/**
 * Aligns the region's face, or fits the whole region into a square where there is none.
 * @param size side of the encoder's input
 * @throws PspError BAD_INPUT when the hole does not fit the pixels
 */
export function readSource(
  region: Region,
  size: number,
  input: OperationInput,
  readsMask: boolean,
  parameters: PlacingValues,
): Source {
  return region.face
    ? readFace(region, size, readsMask, parameters)
    : readWhole(region, size, input, parameters);
}

function readFace(
  region: Region,
  size: number,
  readsMask: boolean,
  parameters: PlacingValues,
): Source {
  const { pixels, bounds } = region;
  const face = transformFace(region.face!, 1, { x: -bounds.left, y: -bounds.top });
  const hole = readsMask ? regionHole(pixels, region.hole) : null;
  const { rgb, alpha } = alignFace(pixels, face.quad, size);
  const photograph = { size, rgb: layOn(grounds.face, rgb, alpha) };
  return {
    encoderSource: { ...photograph, hole: hole && alignHole(hole, face.quad, size) },
    placement: {
      pixels,
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

function readWhole(
  region: Region,
  size: number,
  input: OperationInput,
  parameters: PlacingValues,
): Source {
  const { pixels, bounds } = layOnSquare(region.pixels, region.bounds, grounds[input]);
  const quad = squareQuad(pixels.width);
  const { rgb, alpha } = alignFace(pixels, quad, size);
  return {
    encoderSource: { size, rgb, hole: null },
    placement: {
      pixels,
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

/** Planes over a colour, by their coverage. */
function layOn(ground: Ground, rgb: Float32Array, alpha: Float32Array): Float32Array {
  const laid = new Float32Array(rgb.length);
  ground.forEach((value, c) => {
    const start = c * alpha.length;
    for (let i = 0; i < alpha.length; i++) {
      const a = alpha[i]!;
      laid[start + i] = rgb[start + i]! * a + value * (1 - a);
    }
  });
  return laid;
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

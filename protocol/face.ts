import { finite, list, nullable, object, openOneOf, type Infer } from './decode';
import {
  bounds,
  boundsOfPoints,
  intersectBounds,
  point,
  quad,
  type Bounds,
  type Point,
} from './geometry';

/** Why a face that was found cannot be worked on; 'unusable' is a newer peer's reason. */
export const faceRefusals = ['too-small', 'turned-away', 'unclear', 'unusable'] as const;
export type FaceRefusal = (typeof faceRefusals)[number];

/** A face in a picture, in that picture's pixels. */
export const face = object({
  /** The FFHQ crop: what the networks see. */
  quad,
  bounds,
  /** Left and right as the viewer sees them. */
  landmarks: object({ leftEye: point, rightEye: point, leftMouth: point, rightMouth: point }),
  /** The face oval of the mesh, 36 points in order around the face: what the soft mask is drawn from. */
  contour: list(point, 128),
  /** Detector confidence, 0..1. */
  score: finite,
  /** −1 (turned to the viewer's left) … 0 (to the camera) … 1. */
  yaw: finite,
  /** `null` means that it can be worked on. */
  refusal: nullable(openOneOf('unusable', ...faceRefusals)),
});
export type Face = Infer<typeof face>;

/** Which of the faces found to work on; a number counts from 1, largest first. */
export type FaceChoice = 'all' | 'largest' | number;

/** A smaller crop, in the document's pixels, is refused as `too-small`: about 10 from eye to eye. */
export const minQuadSide = 40;

/** Room around the crop, as a share of its side: what colour matching and resampling look at. */
const regionMargin = 1 / 16;

/** Turned by this sine or more, a head is redrawn whole rather than carried along: half of it was never seen. */
const turnedFar = 0.3;
/** A crop is centred on the face; the middle of a turned head is up to this many times its yaw beside that. */
const headBeside = 0.5;

/**
 * How far beside its face the middle of a head may be, as a share of the crop's side: above 0 to the viewer's
 * right. 0 where the head is hardly turned.
 */
export const headReach = ({ yaw }: Face): number =>
  Math.abs(yaw) < turnedFar ? 0 : -headBeside * yaw;

/** Pixels a side of the aligned crop. */
export const cropSide = ({ quad: [topLeft, topRight] }: Face): number =>
  Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);

/** The rectangle of a layer that an operation on this face needs to see, and nothing more. */
export function faceRegion(face: Face, layer: Bounds): Bounds {
  const margin = cropSide(face) * regionMargin;
  const [a, b] = face.quad;
  const reach = headReach(face);
  const aside = { x: reach * (b.x - a.x), y: reach * (b.y - a.y) };
  // Where a turned head has its back, the crop ends before the head does.
  const behind = face.quad.map(({ x, y }) => ({ x: x + aside.x, y: y + aside.y }));
  const { left, top, right, bottom } = boundsOfPoints([...face.quad, ...behind]);
  return intersectBounds(
    {
      left: Math.floor(left - margin),
      top: Math.floor(top - margin),
      right: Math.ceil(right + margin),
      bottom: Math.ceil(bottom + margin),
    },
    layer,
  );
}

/** The face in other coordinates: `p ↦ scale · p + offset` (preview to document, document to region). */
export function transformFace(face: Face, scale: number, offset: Point): Face {
  const move = ({ x, y }: Point): Point => ({ x: scale * x + offset.x, y: scale * y + offset.y });
  const [a, b, c, d] = face.quad;
  const { left, top, right, bottom } = face.bounds;
  const { leftEye, rightEye, leftMouth, rightMouth } = face.landmarks;
  return {
    ...face,
    quad: [move(a), move(b), move(c), move(d)],
    bounds: boundsOfPoints([move({ x: left, y: top }), move({ x: right, y: bottom })]),
    landmarks: {
      leftEye: move(leftEye),
      rightEye: move(rightEye),
      leftMouth: move(leftMouth),
      rightMouth: move(rightMouth),
    },
    contour: face.contour.map(move),
  };
}

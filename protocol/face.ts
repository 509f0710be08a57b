import type { Bounds, Point, Quad } from './geometry';

/** Why a face that was found cannot be worked on; `null` in `Face.refusal` means it can. */
export type FaceRefusal = 'too-small' | 'turned-away';

/** A face in a picture, in that picture's pixels. */
export interface Face {
  /** The FFHQ crop: what the networks see. */
  readonly quad: Quad;
  readonly bounds: Bounds;
  readonly landmarks: {
    /** Left and right as the viewer sees them. */
    readonly leftEye: Point;
    readonly rightEye: Point;
    readonly leftMouth: Point;
    readonly rightMouth: Point;
  };
  /** The face oval of the mesh, 36 points in order around the face: what the soft mask is drawn from. */
  readonly contour: readonly Point[];
  /** Detector confidence, 0..1. */
  readonly score: number;
  /** −1 (turned to the viewer's left) … 0 (to the camera) … 1. */
  readonly yaw: number;
  readonly refusal: FaceRefusal | null;
}

/** Which of the faces found to work on; a number counts from 1, largest first. */
export type FaceChoice = 'all' | 'largest' | number;

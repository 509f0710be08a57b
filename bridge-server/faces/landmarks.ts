import type { Face } from '../../protocol/face';
import type { Point, Quad } from '../../protocol/geometry';
import { squareQuad } from './frame';

/** FaceMesh's 468 points: x, y in pixels of the picture, z in the same unit, smaller is nearer. */
export type Mesh = readonly { readonly x: number; readonly y: number; readonly z: number }[];

/* FaceMesh point numbers, left and right as the viewer sees them. */
const leftEye = [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246];
const rightEye = [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466];
const leftMouth = 61;
const rightMouth = 291;
const leftCheek = 234;
const rightCheek = 454;
const forehead = 10;
const chin = 152;
/** FACEMESH_FACE_OVAL in order, from the top of the forehead clockwise. */
const faceOval = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148,
  176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/** What a mask is shaped by. */
export type Outline = Pick<Face, 'contour' | 'landmarks'>;

/** The outline of a face in the unit of its mesh points, which need no depth. */
export const outlineOf = (points: readonly Point[]): Outline => ({
  contour: contourOf(points),
  landmarks: landmarksOf(points),
});

export function landmarksOf(mesh: readonly Point[]): Face['landmarks'] {
  return {
    leftEye: meanPoint(leftEye.map((i) => mesh[i]!)),
    rightEye: meanPoint(rightEye.map((i) => mesh[i]!)),
    leftMouth: pointOf(mesh[leftMouth]!),
    rightMouth: pointOf(mesh[rightMouth]!),
  };
}

export const contourOf = (mesh: readonly Point[]): readonly Point[] =>
  faceOval.map((i) => pointOf(mesh[i]!));

/** Sine of the head's turn, from the line between the cheeks in depth; above 0 to the viewer's right. */
export const yawOf = (mesh: Mesh): number => depthSine(mesh[leftCheek]!, mesh[rightCheek]!);

/** Sine of the head's tilt, from the line between forehead and chin in depth; above 0 downwards. */
export const pitchOf = (mesh: Mesh): number => depthSine(mesh[forehead]!, mesh[chin]!);

const depthSine = (a: Mesh[number], b: Mesh[number]): number =>
  (b.z - a.z) / Math.hypot(b.x - a.x, b.y - a.y, b.z - a.z);

/**
 * The FFHQ crop (Karras et al. 2019, appendix A): with e from eye to eye and m from the eyes to the
 * mouth, x ∥ e − rot90(m), |x| = max(2·|e|, 1.8·|m|), centre = eyes + 0.1·m.
 */
export function ffhqQuad(landmarks: Face['landmarks']): Quad {
  const eyes = meanPoint([landmarks.leftEye, landmarks.rightEye]);
  const mouth = meanPoint([landmarks.leftMouth, landmarks.rightMouth]);
  const e = minus(landmarks.rightEye, landmarks.leftEye);
  const m = minus(mouth, eyes);
  const x = { x: e.x + m.y, y: e.y - m.x };
  const gain =
    Math.max(2 * Math.hypot(e.x, e.y), 1.8 * Math.hypot(m.x, m.y)) / Math.hypot(x.x, x.y);
  return squareQuad(
    { x: eyes.x + 0.1 * m.x, y: eyes.y + 0.1 * m.y },
    { x: x.x * gain, y: x.y * gain },
  );
}

export function meanPoint(points: readonly Point[]): Point {
  const sum = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

export const minus = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y });

const pointOf = ({ x, y }: Point): Point => ({ x, y });

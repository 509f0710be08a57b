import type { Face } from '../../protocol/face';
import { boundsOfPoints } from '../../protocol/geometry';
import type { Point, Quad } from '../../protocol/geometry';

/** The same face in other coordinates: p → p · scale + (dx, dy), as from a preview to its document. */
export function mapFace(face: Face, scale: number, dx: number, dy: number): Face {
  const map = ({ x, y }: Point): Point => ({ x: x * scale + dx, y: y * scale + dy });
  const [a, b, c, d] = face.quad;
  const { leftEye, rightEye, leftMouth, rightMouth } = face.landmarks;
  const contour = face.contour.map(map);
  const quad: Quad = [map(a), map(b), map(c), map(d)];
  return {
    ...face,
    quad,
    bounds: boundsOfPoints(contour),
    contour,
    landmarks: {
      leftEye: map(leftEye),
      rightEye: map(rightEye),
      leftMouth: map(leftMouth),
      rightMouth: map(rightMouth),
    },
  };
}

import type { Face } from '../../protocol/face';
import {
  boundsHeight,
  boundsOfPoints,
  boundsWidth,
  intersectBounds,
  type Bounds,
  type Point,
  type Quad,
} from '../../protocol/geometry';
import type { Preview } from './document';

/** Around the crop, as a share of its size: what colour, grain and a finer search need to see. */
const regionMargin = 0.1;

/** A face found in a preview, in the document's pixels. */
export function faceInDocument(face: Face, preview: Preview): Face {
  const scaleX = boundsWidth(preview.bounds) / preview.pixels.width;
  const scaleY = boundsHeight(preview.bounds) / preview.pixels.height;
  const move = (point: Point): Point => ({
    x: preview.bounds.left + point.x * scaleX,
    y: preview.bounds.top + point.y * scaleY,
  });
  const { left, top, right, bottom } = face.bounds;
  const corners = [move({ x: left, y: top }), move({ x: right, y: bottom })];
  return {
    ...face,
    quad: [move(face.quad[0]), move(face.quad[1]), move(face.quad[2]), move(face.quad[3])] as Quad,
    bounds: boundsOfPoints(corners),
    landmarks: {
      leftEye: move(face.landmarks.leftEye),
      rightEye: move(face.landmarks.rightEye),
      leftMouth: move(face.landmarks.leftMouth),
      rightMouth: move(face.landmarks.rightMouth),
    },
    contour: face.contour.map(move),
  };
}

/** The pixels of a layer that one face needs: its aligned crop and a margin, within the layer. */
export function regionOfFace(face: Face, layer: Bounds): Bounds {
  const crop = boundsOfPoints(face.quad);
  const margin = Math.ceil(regionMargin * Math.max(boundsWidth(crop), boundsHeight(crop)));
  return intersectBounds(
    {
      left: crop.left - margin,
      top: crop.top - margin,
      right: crop.right + margin,
      bottom: crop.bottom + margin,
    },
    layer,
  );
}

import type { Face } from '../../../../protocol/face';
import type { Bounds, Point } from '../../../../protocol/geometry';
import { brushSelection, type Selection } from './selection';

export const faceParts = ['eyes', 'mouth', 'face'] as const;
export type FacePart = (typeof faceParts)[number];

/** Parts of faces as their landmarks show them; `null` where none lies on the canvas. */
export function selectFacePart(
  faces: readonly Face[],
  part: FacePart,
  canvas: Bounds,
): Selection | null {
  const strokes = faces.flatMap((face) => strokesOf(face, part));
  return strokes.reduce<Selection | null>(
    (selection, { from, to, radius }) =>
      brushSelection(selection, { from, to }, radius, 'add', canvas),
    null,
  );
}

interface Stroke {
  readonly from: Point;
  readonly to: Point;
  readonly radius: number;
}

/** Brush strokes over a part, measured by the distance of the eyes. */
function strokesOf({ landmarks }: Face, part: FacePart): readonly Stroke[] {
  const { leftEye, rightEye, leftMouth, rightMouth } = landmarks;
  const eyes = Math.hypot(rightEye.x - leftEye.x, rightEye.y - leftEye.y);
  switch (part) {
    case 'eyes': {
      const along = { x: (rightEye.x - leftEye.x) * 0.12, y: (rightEye.y - leftEye.y) * 0.12 };
      return [leftEye, rightEye].map((eye) => ({
        from: { x: eye.x - along.x, y: eye.y - along.y },
        to: { x: eye.x + along.x, y: eye.y + along.y },
        radius: eyes * 0.2,
      }));
    }
    case 'mouth':
      return [{ from: leftMouth, to: rightMouth, radius: eyes * 0.2 }];
    case 'face': {
      const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
      return [
        { from: middle(leftEye, rightEye), to: middle(leftMouth, rightMouth), radius: eyes * 0.95 },
      ];
    }
  }
}

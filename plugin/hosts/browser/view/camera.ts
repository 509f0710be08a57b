import { boundsHeight, boundsWidth, type Bounds, type Point } from '../../../../protocol/geometry';
import type { Placement } from './drawLayers';

interface Size {
  readonly width: number;
  readonly height: number;
}

const minScale = 1 / 64;
const maxScale = 32;

/** The whole document in the middle, with a margin, never enlarged. */
export const fitCamera = ({ width, height }: Size, view: Size): Placement =>
  frame({ left: 0, top: 0, right: width, bottom: height }, view, 1, 32);

/** A result is shown no larger than this: beyond it pixels are seen before faces are. */
const maxResultScale = 2.5;

/** A part of the document as large as it fits; `null` where it fills half of the view already. */
export function frameCamera(camera: Placement, part: Bounds, view: Size): Placement | null {
  const { width, height } = view;
  const filled = Math.max(boundsWidth(part) / width, boundsHeight(part) / height) * camera.scale;
  return filled >= 0.5 ? null : frame(part, view, maxResultScale, 48);
}

/** A part of the document in the middle, with a margin around it. */
export function frame(part: Bounds, view: Size, largestScale: number, margin = 0): Placement {
  const [width, height] = [boundsWidth(part), boundsHeight(part)];
  const scale = Math.min(
    largestScale,
    Math.max(minScale, (view.width - 2 * margin) / width),
    Math.max(minScale, (view.height - 2 * margin) / height),
  );
  return {
    scale,
    left: view.width / 2 - (part.left + width / 2) * scale,
    top: view.height / 2 - (part.top + height / 2) * scale,
  };
}

/** Zooms by a factor; what lies under `at` stays there. */
export function zoomCamera(camera: Placement, factor: number, at: Point): Placement {
  const scale = Math.min(maxScale, Math.max(minScale, camera.scale * factor));
  const real = scale / camera.scale;
  return {
    scale,
    left: at.x - (at.x - camera.left) * real,
    top: at.y - (at.y - camera.top) * real,
  };
}

export const toDocument = (camera: Placement, at: Point): Point => ({
  x: (at.x - camera.left) / camera.scale,
  y: (at.y - camera.top) / camera.scale,
});

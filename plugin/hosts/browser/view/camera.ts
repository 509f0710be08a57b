import { boundsHeight, boundsWidth, type Bounds, type Point } from '../../../../protocol/geometry';
import type { Placement } from './drawLayers';

interface Size {
  readonly width: number;
  readonly height: number;
}

const minScale = 1 / 64;
const maxScale = 32;

/** The whole document in the middle, with a margin, never enlarged. */
export function fitCamera(document: Size, view: Size, margin = 32): Placement {
  const scale = Math.min(
    1,
    Math.max(minScale, (view.width - 2 * margin) / document.width),
    Math.max(minScale, (view.height - 2 * margin) / document.height),
  );
  return {
    scale,
    left: (view.width - document.width * scale) / 2,
    top: (view.height - document.height * scale) / 2,
  };
}

/** A result is shown no larger than this: beyond it pixels are seen before faces are. */
const maxResultScale = 2.5;

/** A part of the document in the middle, as large as it fits; `null` where it fills half of the view already. */
export function frameCamera(
  camera: Placement,
  part: Bounds,
  view: Size,
  margin = 48,
): Placement | null {
  const { left, top } = part;
  const [width, height] = [boundsWidth(part), boundsHeight(part)];
  const filled = Math.max(width / view.width, height / view.height) * camera.scale;
  if (filled >= 0.5) return null;
  const scale = Math.min(
    maxResultScale,
    Math.max(minScale, (view.width - 2 * margin) / width),
    Math.max(minScale, (view.height - 2 * margin) / height),
  );
  return {
    scale,
    left: view.width / 2 - (left + width / 2) * scale,
    top: view.height / 2 - (top + height / 2) * scale,
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

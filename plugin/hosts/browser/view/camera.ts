import type { Point } from '../../../../protocol/geometry';
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

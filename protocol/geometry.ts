/** Pixel coordinates: x right, y down, pixel centres at .5, in the coordinate system the owner names. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Whole pixels; right and bottom are exclusive. Layers may reach outside their document. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The FFHQ crop in the picture: top left, top right, bottom right, bottom left of the aligned face. */
export type Quad = readonly [Point, Point, Point, Point];

export const boundsWidth = (bounds: Bounds): number => bounds.right - bounds.left;
export const boundsHeight = (bounds: Bounds): number => bounds.bottom - bounds.top;

export function intersectBounds(a: Bounds, b: Bounds): Bounds {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  return {
    left,
    top,
    right: Math.max(left, Math.min(a.right, b.right)),
    bottom: Math.max(top, Math.min(a.bottom, b.bottom)),
  };
}

/** The smallest whole-pixel bounds that hold every point. */
export function boundsOfPoints(points: readonly Point[]): Bounds {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  return {
    left: Math.floor(Math.min(...xs)),
    top: Math.floor(Math.min(...ys)),
    right: Math.ceil(Math.max(...xs)),
    bottom: Math.ceil(Math.max(...ys)),
  };
}

export function translateBounds(bounds: Bounds, dx: number, dy: number): Bounds {
  return {
    left: bounds.left + dx,
    top: bounds.top + dy,
    right: bounds.right + dx,
    bottom: bounds.bottom + dy,
  };
}

import { finite, integer, object, type Decoder, type Infer } from './decode';

/** Documents reach 300,000 pixels (PSB); layers may lie outside them. */
const coordinate = integer(-1_000_000, 1_000_000);

/** Pixel coordinates: x right, y down, pixel centres at .5, in the coordinate system the owner names. */
export const point = object({ x: finite, y: finite });
export type Point = Infer<typeof point>;

/** Whole pixels; right and bottom are exclusive. Layers may reach outside their document. */
export const bounds = object({
  left: coordinate,
  top: coordinate,
  right: coordinate,
  bottom: coordinate,
});
export type Bounds = Infer<typeof bounds>;

/** The FFHQ crop in the picture: top left, top right, bottom right, bottom left of the aligned face. */
export type Quad = readonly [Point, Point, Point, Point];
export const quad: Decoder<Quad> = (value, path) => {
  const points = object({ 0: point, 1: point, 2: point, 3: point })(
    Array.isArray(value) && value.length === 4 ? { ...value } : value,
    path,
  );
  return [points[0], points[1], points[2], points[3]];
};

export const boundsWidth = ({ left, right }: Bounds): number => right - left;
export const boundsHeight = ({ top, bottom }: Bounds): number => bottom - top;

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

/** The smallest bounds that hold all of them; there is at least one. */
export const unionBounds = (all: readonly Bounds[]): Bounds => ({
  left: Math.min(...all.map(({ left }) => left)),
  top: Math.min(...all.map(({ top }) => top)),
  right: Math.max(...all.map(({ right }) => right)),
  bottom: Math.max(...all.map(({ bottom }) => bottom)),
});

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

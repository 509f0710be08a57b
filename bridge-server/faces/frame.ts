import { PspError } from '../../protocol/errors';
import type { Point, Quad } from '../../protocol/geometry';

/**
 * The affine map of a quad's unit square into the picture:
 * (u, v) → origin + u · (ux, uy) + v · (vx, vy), with u right and v down in the aligned face.
 */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly ux: number;
  readonly uy: number;
  readonly vx: number;
  readonly vy: number;
}

/** Larger than any layer an editor can hold; keeps hostile quads from asking for endless work. */
const maxSide = 30_000;

/**
 * The frame of a quad. Only parallelograms map affinely, and the FFHQ crop is a square.
 * @throws PspError BAD_INPUT when the quad is not one, is flat, or is beyond all sizes.
 */
export function frameOfQuad(quad: Quad): Frame {
  const [a, b, c, d] = quad;
  const frame = { x: a.x, y: a.y, ux: b.x - a.x, uy: b.y - a.y, vx: d.x - a.x, vy: d.y - a.y };
  const side = frameSide(frame);
  const skew = Math.hypot(a.x + c.x - b.x - d.x, a.y + c.y - b.y - d.y);
  const area = Math.abs(frame.ux * frame.vy - frame.uy * frame.vx);
  if (!(side <= maxSide) || !(area >= 0.25) || !(skew <= 0.01 * side)) {
    throw new PspError(
      'BAD_INPUT',
      `The face's quad ${JSON.stringify(quad)} is not a square of up to ${maxSide} pixels. Find the faces again.`,
    );
  }
  return frame;
}

/** Length of the longer side in pixels. */
export const frameSide = (frame: Frame): number =>
  Math.max(Math.hypot(frame.ux, frame.uy), Math.hypot(frame.vx, frame.vy));

/** The inverse map, picture → unit square, as a frame of its own. */
export function invertFrame({ x, y, ux, uy, vx, vy }: Frame): Frame {
  const determinant = ux * vy - uy * vx;
  return {
    ux: vy / determinant,
    uy: -uy / determinant,
    vx: -vx / determinant,
    vy: ux / determinant,
    x: (vx * y - vy * x) / determinant,
    y: (uy * x - ux * y) / determinant,
  };
}

export const mapPoint = (frame: Frame, u: number, v: number): Point => ({
  x: frame.x + u * frame.ux + v * frame.vx,
  y: frame.y + u * frame.uy + v * frame.vy,
});

/** A square by its centre and its half-side towards the right: top left, top right, bottom right, bottom left. */
export function squareQuad(centre: Point, right: Point): Quad {
  const at = (u: number, v: number): Point => ({
    x: centre.x + u * right.x - v * right.y,
    y: centre.y + u * right.y + v * right.x,
  });
  return [at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)];
}

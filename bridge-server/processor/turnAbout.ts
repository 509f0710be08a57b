import type { Grid } from '../compose';
import { yawOf, type FacePlanes, type Mesh } from '../faces';

/**
 * Heads turn about their necks, and an aligned face is in the middle of its crop wherever its neck is: a turn moves
 * the face aside by this share of the crop's side for a sine of 1. Eyes and mouth are some 11 cm before the first
 * vertebra, and a crop is some 26 cm wide.
 */
const beforeNeck = 0.42;
/** Turns below this sine come with a smile, or are the mesh's unrest. */
const unrest = 0.04;

/** How far a face goes aside when its head turns, a share of the crop's side: above 0 to the viewer's right. */
export function asideOf(before: Mesh, after: Mesh): number {
  const turn = yawOf(after) - yawOf(before);
  return beforeNeck * Math.sign(turn) * Math.max(0, Math.abs(turn) - unrest);
}

/** A picture moved aside by whole pixels; what comes into sight is its mirror image. */
export function moveAside(image: FacePlanes, aside: number): FacePlanes {
  const { size, rgb } = image;
  const by = Math.round(aside * size);
  if (by === 0) return image;
  const from = Int32Array.from({ length: size }, (_, x) => {
    const place = Math.abs(x - by);
    return place < size ? place : 2 * size - 1 - place;
  });
  const moved = new Float32Array(rgb.length);
  for (let row = 0; row < rgb.length; row += size) {
    for (let x = 0; x < size; x++) moved[row + x] = rgb[row + from[x]!]!;
  }
  return { size, rgb: moved };
}

/** A mesh takes the far outline of a turned face for wider than it is by up to this share of the crop's side. */
const furthestOff = 0.08;

/**
 * A mesh whose points that lie on the background are taken back, along their rows, to where the head begins; not
 * further than meshes err.
 */
export function offTheWall(mesh: Mesh, { side, planes }: Grid): Mesh {
  const wall = planes[0]!;
  const middle = mesh.reduce((sum, { x }) => sum + x, 0) / mesh.length;
  const cellOf = (value: number): number =>
    Math.min(side - 1, Math.max(0, Math.floor(value * side)));
  return mesh.map((point) => {
    const row = cellOf(point.y) * side;
    const inwards = Math.sign(middle - point.x) / side;
    let { x } = point;
    for (let off = 0; off < furthestOff && wall[row + cellOf(x)]! > 0.5; off += 1 / side)
      x += inwards;
    return { ...point, x };
  });
}

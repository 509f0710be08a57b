import type { Point, Quad } from '../../protocol/geometry';
import type { Engine } from '../inference/engine';
import { frameOfQuad, mapPoint, squareQuad } from './frame';
import { landmarksOf, minus } from './landmarks';
import type { Mesh } from './landmarks';
import { faceModel } from './models';
import { resizePlanes } from './planes';
import type { Crop, FacePlanes } from './planes';
import { quadIn, type ReducedPicture } from './reducedPicture';
import { viewPlanes } from './viewPlanes';

export interface MeshReading {
  readonly mesh: Mesh;
  /** 0..1: how sure the network is that it looks at a face. */
  readonly flag: number;
}

const inputSize = 192;
const pointCount = 468;

/** Quads that the network looks through at once: its maps of more would not stay in a processor's cache. */
const batchSize = 4;

/** Reads the mesh of every face shown by a quad; points in the picture's pixels. */
export async function readMeshes(
  engine: Engine,
  picture: ReducedPicture,
  quads: readonly Quad[],
  signal?: AbortSignal,
): Promise<readonly MeshReading[]> {
  const readings: MeshReading[] = [];
  for (let first = 0; first < quads.length; first += batchSize) {
    const batch = quads.slice(first, first + batchSize);
    readings.push(...(await readBatch(engine, picture, batch, signal)));
  }
  return readings;
}

async function readBatch(
  engine: Engine,
  picture: ReducedPicture,
  quads: readonly Quad[],
  signal: AbortSignal | undefined,
): Promise<readonly MeshReading[]> {
  const plane = 3 * inputSize * inputSize;
  const image = new Float32Array(quads.length * plane);
  quads.forEach((quad, i) =>
    viewPlanes(picture.raster, quadIn(picture, quad), inputSize, image, i * plane),
  );
  const { mesh, flag } = await engine.run(
    await faceModel('mesh'),
    { image: { data: image, shape: [quads.length, 3, inputSize, inputSize] } },
    signal,
  );
  const { data } = mesh!;
  return quads.map((quad, i) => {
    const frame = frameOfQuad(quad);
    const unit = Math.hypot(frame.ux, frame.uy) / inputSize;
    const points = Array.from({ length: pointCount }, (_, k) => {
      const at = (i * pointCount + k) * 3;
      const { x, y } = mapPoint(frame, data[at]! / inputSize, data[at + 1]! / inputSize);
      return { x, y, z: data[at + 2]! * unit };
    });
    return { mesh: points, flag: flag!.data[i]! };
  });
}

/** Reads the mesh in a crop of an aligned face; points and depth as shares of the picture's side. */
export async function readMesh(
  engine: Engine,
  picture: FacePlanes,
  crop: Crop,
  signal?: AbortSignal,
): Promise<MeshReading> {
  const { rgb } = resizePlanes(picture, crop, inputSize);
  const { mesh, flag } = await engine.run(
    await faceModel('mesh'),
    { image: { data: rgb, shape: [1, 3, inputSize, inputSize] } },
    signal,
  );
  const unit = crop.side / inputSize;
  const points = Array.from({ length: pointCount }, (_, k) => {
    const [x, y, z] = mesh!.data.subarray(k * 3, k * 3 + 3);
    return { x: crop.left + x! * unit, y: crop.top + y! * unit, z: z! * unit };
  });
  return { mesh: points, flag: flag!.data[0]! };
}

/** The square for a first reading: 1.5 × the detector's box, turned so that the eyes are level. */
export const quadOfBox = (box: {
  centre: Point;
  side: number;
  leftEye: Point;
  rightEye: Point;
}): Quad => levelSquare(box.centre, 1.5 * box.side, minus(box.rightEye, box.leftEye));

/** The square for the second reading: 1.4 × the box of the mesh itself, in the frame of its eyes. */
export function quadOfMesh(mesh: Mesh): Quad {
  const { leftEye, rightEye } = landmarksOf(mesh);
  return quadOfPoints(mesh, minus(rightEye, leftEye));
}

/** The same around any points of a face, level along `right`. */
export function quadOfPoints(points: readonly Point[], right: Point): Quad {
  const length = Math.hypot(right.x, right.y);
  const [cos, sin] = length > 0 ? [right.x / length, right.y / length] : [1, 0];
  const us = points.map(({ x, y }) => x * cos + y * sin);
  const vs = points.map(({ x, y }) => y * cos - x * sin);
  const [left, rightmost] = [Math.min(...us), Math.max(...us)];
  const [top, bottom] = [Math.min(...vs), Math.max(...vs)];
  const u = (left + rightmost) / 2;
  const v = (top + bottom) / 2;
  const centre = { x: u * cos - v * sin, y: u * sin + v * cos };
  return levelSquare(centre, 1.4 * Math.max(rightmost - left, bottom - top), right);
}

function levelSquare(centre: Point, side: number, right: Point): Quad {
  const length = Math.hypot(right.x, right.y);
  const [cos, sin] = length > 0 ? [right.x / length, right.y / length] : [1, 0];
  return squareQuad(centre, { x: (cos * side) / 2, y: (sin * side) / 2 });
}

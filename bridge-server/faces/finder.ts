import { minQuadSide, type Face, type FaceRefusal } from '../../protocol/face';
import { boundsOfPoints } from '../../protocol/geometry';
import type { Point, Quad } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import type { Engine } from '../inference/engine';
import { detect } from './detector';
import type { Detection } from './detector';
import { frameOfQuad, frameSide, mapPoint, squareQuad } from './frame';
import { contourOf, ffhqQuad, landmarksOf, minus, yawOf, type Mesh } from './landmarks';
import { quadOfBox, quadOfMesh, quadOfPoints, readMeshes } from './mesher';
import type { MeshReading } from './mesher';
import { opaqueRaster, type FacePlanes } from './planes';
import { asItIs, type ReducedPicture } from './reducedPicture';
import { seenPlanes } from './seenPlanes';
import { searchViews, type View } from './views';

/** Sine of 58°: beyond it one eye is hidden and the crop's geometry means nothing. */
export const maxYaw = 0.85;
/** Below it the mesh does not believe in what it sees. */
const minFlag = 0.5;
/** A detection is a face where the mesh is sure of it, or where it believes and the detector is rather sure. */
const believed = { flag: 0.99, score: 0.8 } as const;
/** One that the mesh doubts is an unclear face where the detector is sure; else it is none. */
const doubtful = { flag: 0.01, score: 0.85 } as const;
/** What upright faces come near: below it, quarter turns are tried too. */
const sureFlag = 0.9995;
/** Radians from which on BlazeFace, which was trained on upright faces, becomes inexact. */
const leaning = 0.9;
/** A window for a second look, in sides of the face. */
const roomAround = 2.5;
/** What the detector gives small faces that are ones, close to large ones. */
const surePart = 0.7;
/** More faces than anyone selects by hand; the largest are kept. */
const maxFaces = 64;
/** Those that turn out to be none, or one face twice, leave room for as many. */
const maxDetections = 128;

export interface FindOptions {
  /** Document pixels per pixel of the raster, where that is a preview: what `too-small` counts in. Default 1. */
  readonly documentScale?: number;
  readonly signal?: AbortSignal;
}

export interface FaceFinder {
  /**
   * Every face in a picture of any size, largest first; none is an empty list. Faces that cannot be
   * worked on carry their refusal.
   */
  find(raster: Raster, options?: FindOptions): Promise<readonly Face[]>;
  /**
   * The same face found again in other pixels: `face` is in the picture's coordinates, from a search in
   * a preview of it. Where the mesh loses it, the face comes back as it was.
   */
  refine(picture: ReducedPicture, face: Face, options?: FindOptions): Promise<Face>;
  /**
   * Where the mesh's points lie in aligned pictures, in units of their side; `null` for those in which
   * the mesh sees no face.
   */
  meshes(images: readonly FacePlanes[], signal?: AbortSignal): Promise<readonly (Mesh | null)[]>;
}

/**
 * BlazeFace for where, FaceMesh twice for how: the second crop is 1.4 × the first mesh's own box.
 * BlazeFace also sees faces that hang upside down, and takes them for upright ones. Which way is up is
 * what the mesh believes in more: the eyes' way, or the other; quarter turns where it doubts both.
 */
export function createFaceFinder(engine: Engine): FaceFinder {
  /** The best first reading of every detection. */
  const readAround = async (
    raster: Raster,
    detections: readonly Detection[],
    signal: AbortSignal | undefined,
  ): Promise<readonly MeshReading[]> => {
    const readTurned = async (which: readonly number[], turn: number) => {
      const quads = which.map((i) => turnQuad(quadOfBox(detections[i]!), turn));
      const readings = await readMeshes(engine, asItIs(raster), quads, signal);
      readings.forEach((reading, at) => {
        const i = which[at]!;
        if (!best[i] || reading.flag > best[i].flag) best[i] = reading;
      });
    };
    const best: MeshReading[] = [];
    const all = detections.map((_, i) => i);
    await readTurned(all, 0);
    // More than all of it cannot be believed.
    const open = all.filter((i) => best[i]!.flag < 1);
    await readTurned(open, 2);
    const doubted = all.filter((i) => best[i]!.flag < sureFlag);
    await readTurned(doubted, 1);
    await readTurned(doubted, 3);
    return best;
  };

  /** Faces that lie or hang are looked for again with the picture turned: upright they are seen exactly. */
  const lookUpright = async (
    raster: Raster,
    detections: readonly Detection[],
    readings: readonly MeshReading[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Detection[]> => {
    const views = readings.map(({ mesh }, i): View | null => {
      const { leftEye, rightEye } = landmarksOf(mesh);
      const turn = Math.atan2(rightEye.y - leftEye.y, rightEye.x - leftEye.x);
      const { centre, side } = detections[i]!;
      return Math.abs(turn) > leaning ? { centre, side: roomAround * side, turn } : null;
    });
    const turned = views.filter((view) => view !== null);
    if (turned.length === 0) return detections;
    const seen = await detect(engine, raster, turned, signal);
    return detections.map((detection, i) => {
      const near = (other: Detection): boolean =>
        distance(other.centre, detection.centre) < detection.side / 2;
      return (views[i] && seen.find(near)) ?? detection;
    });
  };

  const read = async (
    raster: Raster,
    found: readonly Detection[],
    { documentScale = 1, signal }: FindOptions,
  ): Promise<readonly Face[]> => {
    const rough = await readAround(raster, found, signal);
    const detections = await lookUpright(raster, found, rough, signal);
    const changed = detections.filter((detection, i) => detection !== found[i]);
    const anew = await readAround(raster, changed, signal);
    const first = detections.map((detection, i) => {
      const again = anew[changed.indexOf(detection)];
      return again && again.flag >= rough[i]!.flag ? again : rough[i]!;
    });
    const believable = first.filter(({ flag }) => flag >= minFlag);
    const quads = believable.map(({ mesh }) => quadOfMesh(mesh));
    const second = await readMeshes(engine, asItIs(raster), quads, signal);
    return detections.flatMap((detection, i) => {
      const again = second[believable.indexOf(first[i]!)];
      const reading = again && again.flag >= minFlag ? again : first[i]!;
      return isFace(reading, detection) ? [faceOf(reading, detection.score, documentScale)] : [];
    });
  };
  return {
    async find(raster, options = {}) {
      const detections = await detect(engine, raster, searchViews(raster), options.signal);
      return distinct(await read(raster, detections.slice(0, maxDetections), options)).slice(
        0,
        maxFaces,
      );
    },
    async refine(picture, face, { documentScale = 1, signal } = {}) {
      const { leftEye, rightEye } = face.landmarks;
      const around = quadOfPoints(face.contour, minus(rightEye, leftEye));
      const [first] = await readMeshes(engine, picture, [around], signal);
      if (first!.flag < minFlag) return { ...face, refusal: refusalOf(face, 1, documentScale) };
      const [second] = await readMeshes(engine, picture, [quadOfMesh(first!.mesh)], signal);
      const best = second!.flag >= minFlag ? second! : first!;
      return faceOf(best, face.score, documentScale);
    },
    meshes: (images, signal) =>
      Promise.all(
        images.map(async (image) => {
          const picture = asItIs(opaqueRaster(seenPlanes(image)));
          const side = picture.raster.width;
          const [first] = await readMeshes(engine, picture, [alignedQuad(side)], signal);
          if (first!.flag < minFlag) return null;
          const [second] = await readMeshes(engine, picture, [quadOfMesh(first!.mesh)], signal);
          if (second!.flag < minFlag) return null;
          return second!.mesh.map(({ x, y, z }) => ({
            x: x / side,
            y: y / side,
            z: z / side,
          }));
        }),
      ),
  };
}

/** Where the face lies in every FFHQ crop. */
const alignedQuad = (side: number): Quad =>
  squareQuad({ x: side / 2, y: 0.55 * side }, { x: 0.36 * side, y: 0 });

const isFace = ({ flag }: MeshReading, { score }: Detection): boolean =>
  flag >= believed.flag ||
  (flag >= minFlag && score >= believed.score) ||
  (flag >= doubtful.flag && score >= doubtful.score);

function faceOf({ mesh, flag }: MeshReading, score: number, documentScale: number): Face {
  const landmarks = landmarksOf(mesh);
  const contour = contourOf(mesh);
  const face = {
    quad: ffhqQuad(landmarks),
    bounds: boundsOfPoints(contour),
    landmarks,
    contour,
    score,
    yaw: yawOf(mesh),
  };
  return { ...face, refusal: refusalOf(face, flag, documentScale) };
}

function refusalOf(
  face: Pick<Face, 'quad' | 'yaw'>,
  flag: number,
  documentScale: number,
): FaceRefusal | null {
  if (sideOf(face.quad) * documentScale < minQuadSide) return 'too-small';
  if (Math.abs(face.yaw) > maxYaw) return 'turned-away';
  return flag < minFlag ? 'unclear' : null;
}

/** The same square seen with the picture turned by so many right angles. */
const turnQuad = (quad: Quad, quarters: number): Quad =>
  [0, 1, 2, 3].map((corner) => quad[(corner + quarters) % 4]) as unknown as Quad;

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

const sideOf = (quad: Quad): number => frameSide(frameOfQuad(quad));

/**
 * Largest first; two meshes on one face (found whole and in part) count once. Hair or a hand beside a
 * face passes for a small one at times, of which the detector is not sure.
 */
function distinct(faces: readonly Face[]): readonly Face[] {
  const centreOf = ({ quad }: Face): Point => mapPoint(frameOfQuad(quad), 0.5, 0.5);
  const kept: Face[] = [];
  const ordered = [...faces].sort((a, b) => sideOf(b.quad) - sideOf(a.quad));
  for (const face of ordered) {
    const part = (other: Face): boolean => {
      const apart = distance(centreOf(other), centreOf(face)) / sideOf(other.quad);
      return apart < 1 / 4 || (apart < 1 / 2 && face.score < Math.min(surePart, other.score));
    };
    if (!kept.some(part)) kept.push(face);
  }
  return kept;
}

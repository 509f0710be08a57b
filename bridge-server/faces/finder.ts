import { minQuadSide, type Face, type FaceRefusal } from '../../protocol/face';
import { boundsOfPoints } from '../../protocol/geometry';
import type { Point, Quad } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import type { Engine } from '../inference/engine';
import { detect } from './detector';
import type { Detection } from './detector';
import { frameOfQuad, frameSide, mapPoint, squareQuad } from './frame';
import { contourOf, ffhqQuad, landmarksOf, minus, yawOf } from './landmarks';
import { quadOfBox, quadOfMesh, quadOfPoints, readMeshes } from './mesher';
import type { MeshReading } from './mesher';
import { resizePlanes, type FacePlanes } from './planes';
import { closerViews, firstViews } from './views';

/** Sine of 58°: beyond it one eye is hidden and the crop's geometry means nothing. */
export const maxYaw = 0.85;
/** Below it the mesh does not believe in what it sees. */
const minFlag = 0.5;
/** A detection that the mesh doubts is a face turned away when both are at least this sure; else it is none. */
const doubtful = { score: 0.7, flag: 0.01 } as const;
/** More faces than anyone selects by hand; the largest are kept. */
const maxFaces = 64;

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
   * The same face found again in other pixels: `face` is in `raster`'s coordinates, from a search in
   * a preview of it. Where the mesh loses it, the face comes back as it was.
   */
  refine(raster: Raster, face: Face, options?: FindOptions): Promise<Face>;
  /**
   * Where the mesh's points lie in aligned pictures, in units of their side; `null` for those in which
   * the mesh sees no face.
   */
  meshes(
    images: readonly FacePlanes[],
    signal?: AbortSignal,
  ): Promise<readonly (readonly Point[] | null)[]>;
}

/** BlazeFace for where, FaceMesh twice for how: the second crop is 1.4 × the first mesh's own box. */
export function createFaceFinder(engine: Engine): FaceFinder {
  const read = async (
    raster: Raster,
    detections: readonly Detection[],
    { documentScale = 1, signal }: FindOptions,
  ): Promise<readonly Face[]> => {
    const first = await readMeshes(engine, raster, detections.map(quadOfBox), signal);
    const again = detections.map((detection, i) =>
      first[i]!.flag >= minFlag ? quadOfMesh(first[i]!.mesh) : quadOfBox(detection),
    );
    const second = await readMeshes(engine, raster, again, signal);
    return detections.flatMap((detection, i) => {
      const reading = second[i]!.flag >= minFlag ? second[i]! : first[i]!;
      const believed =
        reading.flag >= minFlag ||
        (reading.flag >= doubtful.flag && detection.score >= doubtful.score);
      return believed ? [faceOf(reading, detection.score, documentScale)] : [];
    });
  };
  return {
    async find(raster, options = {}) {
      const search = async (views: ReturnType<typeof firstViews>) =>
        distinct(
          await read(
            raster,
            (await detect(engine, raster, views, options.signal)).slice(0, maxFaces),
            options,
          ),
        );
      const faces = await search(firstViews(raster));
      return faces.length > 0 ? faces : search(closerViews(raster));
    },
    async refine(raster, face, { documentScale = 1, signal } = {}) {
      const { leftEye, rightEye } = face.landmarks;
      const around = quadOfPoints(face.contour, minus(rightEye, leftEye));
      const [first] = await readMeshes(engine, raster, [around], signal);
      if (first!.flag < minFlag) return { ...face, refusal: refusalOf(face, 1, documentScale) };
      const [second] = await readMeshes(engine, raster, [quadOfMesh(first!.mesh)], signal);
      const best = second!.flag >= minFlag ? second! : first!;
      return faceOf(best, face.score, documentScale);
    },
    meshes: (images, signal) =>
      Promise.all(
        images.map(async (image) => {
          const raster = rasterOf(resizePlanes(image, { left: 0, top: 0, side: 1 }, alignedSide));
          const [first] = await readMeshes(engine, raster, [alignedQuad], signal);
          if (first!.flag < minFlag) return null;
          const [second] = await readMeshes(engine, raster, [quadOfMesh(first!.mesh)], signal);
          if (second!.flag < minFlag) return null;
          return second!.mesh.map(({ x, y }) => ({ x: x / alignedSide, y: y / alignedSide }));
        }),
      ),
  };
}

/** Aligned pictures are read at this side. */
const alignedSide = 256;
/** Where the face lies in every FFHQ crop. */
const alignedQuad = squareQuad(
  { x: alignedSide / 2, y: 0.55 * alignedSide },
  { x: 0.36 * alignedSide, y: 0 },
);

function rasterOf({ size, rgb }: FacePlanes): Raster {
  const plane = size * size;
  const data = new Uint8Array(plane * 4).fill(255);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) data[i * 4 + c] = rgb[c * plane + i]! * 255 + 0.5;
  }
  return { width: size, height: size, data };
}

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
  return flag < minFlag || Math.abs(face.yaw) > maxYaw ? 'turned-away' : null;
}

const sideOf = (quad: Quad): number => frameSide(frameOfQuad(quad));

/** Largest first; two meshes on one face (found whole and in part) count once. */
function distinct(faces: readonly Face[]): readonly Face[] {
  const kept: Face[] = [];
  const ordered = [...faces].sort((a, b) => sideOf(b.quad) - sideOf(a.quad));
  for (const face of ordered) {
    const centre = mapPoint(frameOfQuad(face.quad), 0.5, 0.5);
    const again = kept.some((other) => {
      const at = mapPoint(frameOfQuad(other.quad), 0.5, 0.5);
      return Math.hypot(at.x - centre.x, at.y - centre.y) < sideOf(other.quad) / 4;
    });
    if (!again) kept.push(face);
  }
  return kept;
}

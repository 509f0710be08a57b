import type { Engine } from '../inference/engine';
import { pitchOf, yawOf, type Mesh } from './landmarks';
import { readMesh } from './mesher';
import type { Crop, FacePlanes } from './planes';

/** How a head is turned, in degrees. */
export interface Pose {
  /** Above 0 to the viewer's right. */
  readonly yaw: number;
  /** Above 0 downwards. */
  readonly pitch: number;
}

/** Where the face lies in the FFHQ crop: what the mesh sees first. */
const firstLook: Crop = { left: 0.155, top: 0.195, side: 0.69 };
/** The second look: the mesh's own box and 0.4 of it more. */
const margin = 1.4;
const minFlag = 0.5;

/**
 * The pose of an aligned face; `null` where the mesh sees none.
 * @throws PspError INFERENCE_FAILED, CANCELLED
 */
export async function readPose(
  engine: Engine,
  image: FacePlanes,
  signal?: AbortSignal,
): Promise<Pose | null> {
  const first = await readMesh(engine, image, firstLook, signal);
  if (first.flag < minFlag) return null;
  const { mesh, flag } = await readMesh(engine, image, around(first.mesh), signal);
  if (flag < minFlag) return null;
  return { yaw: degrees(yawOf(mesh)), pitch: degrees(pitchOf(mesh)) };
}

/** A square around the mesh that stays within the picture; points and crop as shares of its side. */
function around(mesh: Mesh): Crop {
  const [left, right] = range(mesh.map(({ x }) => x));
  const [top, bottom] = range(mesh.map(({ y }) => y));
  const side = Math.min(1, margin * Math.max(right - left, bottom - top));
  const within = (from: number, to: number): number =>
    Math.min(1 - side, Math.max(0, (from + to - side) / 2));
  return { left: within(left, right), top: within(top, bottom), side };
}

const range = (values: readonly number[]): readonly [number, number] => [
  Math.min(...values),
  Math.max(...values),
];

const degrees = (sine: number): number => (Math.asin(sine) * 180) / Math.PI;

import type { Point } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import type { Engine } from '../inference/engine';
import { shrinkRaster } from './floatImage';
import { squareQuad } from './frame';
import { faceModel } from './models';
import { viewPlanes } from './viewPlanes';
import type { View } from './views';

/** A face as BlazeFace sees it, in the picture's pixels. */
export interface Detection {
  readonly centre: Point;
  /** The longer side of its box. */
  readonly side: number;
  readonly score: number;
  /** Left and right as the viewer sees them. */
  readonly leftEye: Point;
  readonly rightEye: Point;
}

const inputSize = 256;
const minScore = 0.5;
/** Two boxes are one face when they share this much of the smaller one. */
const maxOverlap = 0.4;

/** Views that the network looks through at once: its maps of more would not stay in a processor's cache. */
const batchSize = 2;
/** A window whose green varies less than this, of 1, shows no face: sky, a wall, what is transparent. */
const flat = 0.03;

/** Looks for faces through every view; best first. */
export async function detect(
  engine: Engine,
  raster: Raster,
  views: readonly View[],
  signal?: AbortSignal,
): Promise<readonly Detection[]> {
  const found: Detection[] = [];
  // The picture is halved as the windows grow, to about what they can use of it.
  const ordered = [...views].sort((a, b) => a.side - b.side);
  let reduced = raster;
  let shrink = 1;
  for (let first = 0; first < ordered.length; first += batchSize) {
    const batch = ordered.slice(first, first + batchSize);
    const usable = 2 ** Math.floor(Math.log2(Math.max(1, batch[0]!.side / inputSize)));
    if (usable > shrink) reduced = shrinkRaster(reduced, usable / shrink);
    shrink = Math.max(shrink, usable);
    found.push(...(await detectIn(engine, reduced, shrink, batch, signal)));
  }
  return suppress(found);
}

async function detectIn(
  engine: Engine,
  reduced: Raster,
  shrink: number,
  views: readonly View[],
  signal: AbortSignal | undefined,
): Promise<readonly Detection[]> {
  const plane = inputSize * inputSize;
  const image = new Float32Array(views.length * 3 * plane);
  const shown: View[] = [];
  for (const view of views) {
    const { centre, side, turn = 0 } = view;
    const at = { x: centre.x / shrink, y: centre.y / shrink };
    const half = side / shrink / 2;
    const quad = squareQuad(at, { x: Math.cos(turn) * half, y: Math.sin(turn) * half });
    const offset = shown.length * 3 * plane;
    viewPlanes(reduced, quad, inputSize, image, offset);
    if (varies(image.subarray(offset + plane, offset + 2 * plane))) shown.push(view);
  }
  if (shown.length === 0) return [];
  const { boxes, scores } = await engine.run(
    await faceModel('detector'),
    {
      image: {
        data: image.subarray(0, shown.length * 3 * plane),
        shape: [shown.length, 3, inputSize, inputSize],
      },
    },
    signal,
  );
  return shown.flatMap((view, i) =>
    anchors.flatMap((anchor, k) => {
      const score = scores!.data[i * anchors.length + k]!;
      if (score < minScore) return [];
      const at = (i * anchors.length + k) * valuesPerAnchor;
      return [decode(boxes!.data.subarray(at, at + valuesPerAnchor), anchor, view, score)];
    }),
  );
}

function varies(values: Float32Array): boolean {
  let [low, high] = [1, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    if (high - low >= flat) return true;
  }
  return false;
}

const valuesPerAnchor = 16;

/** Anchors at the cell centres: 16 × 16 cells with 2 each, then 8 × 8 with 6 each. */
const anchors: readonly Point[] = [
  { cells: 16, perCell: 2 },
  { cells: 8, perCell: 6 },
].flatMap(({ cells, perCell }) =>
  Array.from({ length: cells * cells * perCell }, (_, i) => {
    const cell = Math.floor(i / perCell);
    return { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells };
  }),
);

/** 16 numbers in input pixels relative to the anchor: box centre, box size, then six key points. */
function decode(values: Float32Array, anchor: Point, view: View, score: number): Detection {
  const { centre, side, turn = 0 } = view;
  const perPixel = side / inputSize;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const point = (i: number): Point => {
    const x = (anchor.x - 0.5) * side + values[i]! * perPixel;
    const y = (anchor.y - 0.5) * side + values[i + 1]! * perPixel;
    return { x: centre.x + x * cos - y * sin, y: centre.y + x * sin + y * cos };
  };
  return {
    centre: point(0),
    side: Math.max(values[2]!, values[3]!) * perPixel,
    score,
    leftEye: point(4),
    rightEye: point(6),
  };
}

/** Non-maximum suppression that averages what it merges by score, as MediaPipe's does. */
function suppress(found: readonly Detection[]): readonly Detection[] {
  const left = [...found].sort((a, b) => b.score - a.score);
  const kept: Detection[] = [];
  while (left.length > 0) {
    const best = left[0]!;
    const same = left.filter((other) => overlap(best, other) > maxOverlap);
    left.splice(0, left.length, ...left.filter((other) => !same.includes(other)));
    // Views of other scales see the same face with their own error: average only what looks alike.
    const alike = same.filter((other) => Math.abs(Math.log(other.side / best.side)) < 0.25);
    const total = alike.reduce((sum, { score }) => sum + score, 0);
    const mean = (value: (detection: Detection) => number): number =>
      alike.reduce((sum, detection) => sum + value(detection) * detection.score, 0) / total;
    const meanPoint = (name: 'centre' | 'leftEye' | 'rightEye'): Point => ({
      x: mean((detection) => detection[name].x),
      y: mean((detection) => detection[name].y),
    });
    kept.push({
      centre: meanPoint('centre'),
      side: mean(({ side }) => side),
      score: best.score,
      leftEye: meanPoint('leftEye'),
      rightEye: meanPoint('rightEye'),
    });
  }
  return kept;
}

/** Shared area over the smaller box's area: also catches a part of a face taken for a face. */
function overlap(a: Detection, b: Detection): number {
  const shared = (axis: 'x' | 'y'): number =>
    Math.min(a.centre[axis] + a.side / 2, b.centre[axis] + b.side / 2) -
    Math.max(a.centre[axis] - a.side / 2, b.centre[axis] - b.side / 2);
  return (Math.max(0, shared('x')) * Math.max(0, shared('y'))) / Math.min(a.side, b.side) ** 2;
}

import type { Point } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import type { Engine } from '../inference/engine';
import { planesOfQuad } from './alignFace';
import { shrinkRaster } from './floatImage';
import { squareQuad } from './frame';
import { faceModel } from './models';

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

/** A square window on the picture. */
export interface View {
  readonly centre: Point;
  readonly side: number;
}

const inputSize = 256;
const minScore = 0.5;
/** Two boxes are one face when they share this much of the smaller one. */
const maxOverlap = 0.4;

/** Looks for faces through every view in one batch; best first. */
export async function detect(
  engine: Engine,
  raster: Raster,
  views: readonly View[],
  signal?: AbortSignal,
): Promise<readonly Detection[]> {
  const plane = 3 * inputSize * inputSize;
  const image = new Float32Array(views.length * plane);
  // The picture is reduced once for all views, to what the closest of them can use.
  const shrink = Math.max(1, Math.floor(Math.min(...views.map(({ side }) => side)) / inputSize));
  const reduced = shrinkRaster(raster, shrink);
  views.forEach(({ centre, side }, i) => {
    const at = { x: centre.x / shrink, y: centre.y / shrink };
    const quad = squareQuad(at, { x: side / shrink / 2, y: 0 });
    planesOfQuad(reduced, quad, inputSize, { quality: 'fast', padding: 'grey' }, image, i * plane);
  });
  const { boxes, scores } = await engine.run(
    await faceModel('detector'),
    { image: { data: image, shape: [views.length, 3, inputSize, inputSize] } },
    signal,
  );
  const found: Detection[] = [];
  views.forEach((view, i) => {
    for (let k = 0; k < anchors.length; k++) {
      const score = scores!.data[i * anchors.length + k]!;
      if (score < minScore) continue;
      const at = (i * anchors.length + k) * valuesPerAnchor;
      found.push(decode(boxes!.data.subarray(at, at + valuesPerAnchor), anchors[k]!, view, score));
    }
  });
  return suppress(found);
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
  const perPixel = view.side / inputSize;
  const left = view.centre.x - view.side / 2;
  const top = view.centre.y - view.side / 2;
  const point = (i: number): Point => ({
    x: left + anchor.x * view.side + values[i]! * perPixel,
    y: top + anchor.y * view.side + values[i + 1]! * perPixel,
  });
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

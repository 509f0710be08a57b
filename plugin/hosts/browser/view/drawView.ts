import type { Point } from '../../../../protocol/geometry';
import type { FoundFaces } from '../../../core/captureLayer';
import { findLayer, type Layer } from '../document/layer';
import type { DocumentState, LayeredDocument } from '../document/layeredDocument';
import type { Bitmaps } from './bitmaps';
import { drawLayers, type Placement } from './drawLayers';
import { strokeOutline, type SelectionOverlay } from './selectionOverlay';

const checkerSize = 8;

/** The document's canvas as the page shows it: layers, selection, faces. `camera` in device pixels. */
export function drawView(
  context: CanvasRenderingContext2D,
  document: LayeredDocument,
  parts: {
    readonly bitmaps: Bitmaps;
    readonly camera: Placement;
    readonly overlay: SelectionOverlay;
    readonly faces: FoundFaces | null;
    readonly selection: 'hidden' | 'outlined' | 'tinted';
    /** What is being drawn around, in document pixels. */
    readonly outline: readonly Point[];
    /** The one layer to draw; `null` draws them all. */
    readonly solo: string | null;
    /** Left of this share of the canvas results are left out; `null` shows them everywhere. */
    readonly split: number | null;
    readonly pixelRatio: number;
  },
): void {
  const { camera, bitmaps } = parts;
  const { canvas } = context;
  const { width, height } = document.init;
  context.clearRect(0, 0, canvas.width, canvas.height);
  const paper = {
    x: Math.round(camera.left),
    y: Math.round(camera.top),
    width: Math.round(width * camera.scale),
    height: Math.round(height * camera.scale),
  };
  context.save();
  context.beginPath();
  context.rect(paper.x, paper.y, paper.width, paper.height);
  context.clip();
  drawChecker(context, paper);
  context.imageSmoothingEnabled = camera.scale < 3;
  context.imageSmoothingQuality = 'high';
  const state: DocumentState = document.state.value;
  // Layers are drawn on a surface of their own: blending must not see the checker.
  const surface = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
  surface.imageSmoothingEnabled = context.imageSmoothingEnabled;
  surface.imageSmoothingQuality = 'high';
  const solo = parts.solo === null ? null : findLayer(state.layers, parts.solo);
  drawLayers(surface, solo ? [{ ...solo, visible: true }] : state.layers, bitmaps, camera);
  context.drawImage(surface.canvas, 0, 0);
  if (parts.split !== null) {
    const width = Math.round(parts.split * canvas.width);
    surface.clearRect(0, 0, canvas.width, canvas.height);
    drawLayers(surface, withoutResults(state.layers), bitmaps, camera);
    context.save();
    context.beginPath();
    context.rect(0, 0, width, canvas.height);
    context.clip();
    drawChecker(context, paper);
    context.drawImage(surface.canvas, 0, 0);
    context.restore();
    context.fillStyle = '#ffffff';
    context.fillRect(width, 0, Math.ceil(parts.pixelRatio), canvas.height);
  }
  if (parts.selection !== 'hidden') {
    parts.overlay.draw(context, state.selection, camera, parts.selection === 'tinted');
  }
  drawOutline(context, parts.outline, camera, parts.pixelRatio);
  context.restore();
  if (parts.faces) drawFaces(context, parts.faces, camera, parts.pixelRatio);
}

/** The document as it was before anything was made of it. */
export const withoutResults = (layers: readonly Layer[]): readonly Layer[] =>
  layers
    .filter(({ madeFrom }) => madeFrom === null)
    .map((layer) =>
      layer.kind === 'group' ? { ...layer, children: withoutResults(layer.children) } : layer,
    );

function drawChecker(
  context: CanvasRenderingContext2D,
  paper: { x: number; y: number; width: number; height: number },
): void {
  context.fillStyle = checkerPattern(context);
  context.fillRect(paper.x, paper.y, paper.width, paper.height);
}

let checker: CanvasPattern | null = null;

function checkerPattern(context: CanvasRenderingContext2D): CanvasPattern {
  if (checker) return checker;
  const tile = new OffscreenCanvas(checkerSize * 2, checkerSize * 2);
  const paint = tile.getContext('2d')!;
  paint.fillStyle = '#ffffff';
  paint.fillRect(0, 0, checkerSize * 2, checkerSize * 2);
  paint.fillStyle = '#d4d4d4';
  paint.fillRect(0, 0, checkerSize, checkerSize);
  paint.fillRect(checkerSize, checkerSize, checkerSize, checkerSize);
  checker = context.createPattern(tile, 'repeat')!;
  return checker;
}

function drawOutline(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  camera: Placement,
  pixelRatio: number,
): void {
  if (points.length < 2) return;
  const path = new Path2D();
  for (const { x, y } of points) {
    path.lineTo(x * camera.scale + camera.left, y * camera.scale + camera.top);
  }
  context.save();
  strokeOutline(context, path, pixelRatio);
  context.restore();
}

/** The corners of each face's crop: what the networks will see. */
function drawFaces(
  context: CanvasRenderingContext2D,
  found: FoundFaces,
  camera: Placement,
  pixelRatio: number,
): void {
  for (const face of found.faces) {
    const corners = face.quad.map(({ x, y }) => ({
      x: x * camera.scale + camera.left,
      y: y * camera.scale + camera.top,
    }));
    context.beginPath();
    corners.forEach((corner, index) => {
      const before = corners[(index + 3) % 4]!;
      const after = corners[(index + 1) % 4]!;
      const towards = (other: { x: number; y: number }) => ({
        x: corner.x + (other.x - corner.x) * 0.12,
        y: corner.y + (other.y - corner.y) * 0.12,
      });
      const start = towards(before);
      const end = towards(after);
      context.moveTo(start.x, start.y);
      context.lineTo(corner.x, corner.y);
      context.lineTo(end.x, end.y);
    });
    context.lineWidth = 3 * pixelRatio;
    context.strokeStyle = 'rgba(0, 0, 0, 0.35)';
    context.stroke();
    context.lineWidth = 1.5 * pixelRatio;
    context.strokeStyle = face.refusal === null ? '#ffffff' : 'rgba(255, 255, 255, 0.4)';
    context.stroke();
  }
}

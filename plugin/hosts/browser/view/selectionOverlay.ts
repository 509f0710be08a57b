import type { Selection } from '../document/selection';
import type { Placement } from './drawLayers';

/** The selection's tint while it is painted: the blue of the panel's accent. */
const tint = [38, 128, 235, 110] as const;

interface Painted {
  readonly selection: Selection;
  readonly canvas: OffscreenCanvas;
  readonly outline: Path2D;
}

/** The selection as an outline, and as a tint while it is being made; painted anew when it changes. */
export class SelectionOverlay {
  private painted: Painted | null = null;

  draw(
    context: CanvasRenderingContext2D,
    selection: Selection | null,
    camera: Placement,
    showsTint: boolean,
  ): void {
    if (!selection) return;
    if (this.painted?.selection !== selection) {
      const canvas = paintTint(selection);
      this.painted = { selection, canvas, outline: outlineOf(selection) };
    }
    context.save();
    context.translate(camera.left, camera.top);
    context.scale(camera.scale, camera.scale);
    const { left, top } = selection.bounds;
    if (showsTint) context.drawImage(this.painted.canvas, left, top);
    strokeOutline(context, this.painted.outline, devicePixelRatio / camera.scale);
    context.restore();
  }
}

/** White under black dashes shows on every ground. */
export function strokeOutline(
  context: CanvasRenderingContext2D,
  outline: Path2D,
  pixel: number,
): void {
  context.lineWidth = pixel;
  context.strokeStyle = '#ffffff';
  context.stroke(outline);
  context.setLineDash([4 * pixel, 4 * pixel]);
  context.strokeStyle = '#000000';
  context.stroke(outline);
}

/** The border between what is more than half selected and what is not, in document pixels. */
function outlineOf({ bounds, mask }: Selection): Path2D {
  const { width, height, data } = mask;
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x]! >= 128;
  const path = new Path2D();
  const { left, top } = bounds;
  // Straight runs become one line each, so that dashes run along them.
  for (let y = 0; y <= height; y += 1) {
    eachRun(
      width,
      (x) => inside(x, y) !== inside(x, y - 1),
      (from, to) => {
        path.moveTo(left + from, top + y);
        path.lineTo(left + to, top + y);
      },
    );
  }
  for (let x = 0; x <= width; x += 1) {
    eachRun(
      height,
      (y) => inside(x, y) !== inside(x - 1, y),
      (from, to) => {
        path.moveTo(left + x, top + from);
        path.lineTo(left + x, top + to);
      },
    );
  }
  return path;
}

function eachRun(
  length: number,
  holds: (i: number) => boolean,
  run: (from: number, to: number) => void,
): void {
  let start = -1;
  for (let i = 0; i <= length; i += 1) {
    const isHeld = i < length && holds(i);
    if (isHeld && start < 0) start = i;
    if (!isHeld && start >= 0) {
      run(start, i);
      start = -1;
    }
  }
}

function paintTint({ mask }: Selection): OffscreenCanvas {
  const canvas = new OffscreenCanvas(mask.width, mask.height);
  const data = new Uint8ClampedArray(mask.data.length * 4);
  for (let i = 0; i < mask.data.length; i += 1) {
    if (mask.data[i] === 0) continue;
    data.set(tint, i * 4);
    data[i * 4 + 3] = (tint[3] * mask.data[i]!) / 255;
  }
  canvas.getContext('2d')!.putImageData(new ImageData(data, mask.width, mask.height), 0, 0);
  return canvas;
}

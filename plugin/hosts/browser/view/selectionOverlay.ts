import type { Selection } from '../document/selection';
import type { Placement } from './drawLayers';

/** The selection's tint: the blue of the panel's accent. */
const tint = [38, 128, 235, 110] as const;

/** The selection as a tint with an edge, painted anew only when it changes. */
export class SelectionOverlay {
  private painted: { readonly selection: Selection; readonly canvas: OffscreenCanvas } | null =
    null;

  draw(context: CanvasRenderingContext2D, selection: Selection | null, camera: Placement): void {
    if (!selection) return;
    if (this.painted?.selection !== selection) {
      this.painted = { selection, canvas: paintSelection(selection) };
    }
    const { bounds } = selection;
    context.drawImage(
      this.painted.canvas,
      bounds.left * camera.scale + camera.left,
      bounds.top * camera.scale + camera.top,
      (bounds.right - bounds.left) * camera.scale,
      (bounds.bottom - bounds.top) * camera.scale,
    );
  }
}

function paintSelection({ mask }: Selection): OffscreenCanvas {
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

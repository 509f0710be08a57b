import type { Bounds } from '../../../../protocol/geometry';
import { partPalette, type PartName } from '../../../../protocol/partPalette';
import { rasterMax, type Raster } from '../../../../protocol/raster';
import { distanceToLine, lineBounds, type Line } from './brush';
import type { Layer, PixelLayer } from './layer';
import { pixelLayer } from './newLayers';

/** About how many pixels tell whether a layer is a label map, and which share of them must. */
const looks = 4096;
const least = 0.9;
/** How far a value may be from the palette's, of 255: rounding, and a file's profile. */
const near = 3;

/** A layer that is painted in label colours and that this page may change: none of an opened PSD's. */
export function isLabelMap(layer: Layer | null): layer is PixelLayer {
  return (
    layer?.kind === 'pixel' &&
    layer.fileIndex === null &&
    layer.refusal === null &&
    layer.mask === null &&
    isPainted(layer.pixels)
  );
}

/** Whether what can be seen has the palette's colours; an empty picture has no others. */
function isPainted(pixels: Raster): boolean {
  const { data } = pixels;
  const unit = rasterMax(pixels) / 255;
  const step = Math.max(1, Math.floor(data.length / 4 / looks));
  let [seen, known] = [0, 0];
  for (let at = 0; at < data.length; at += step * 4) {
    if (data[at + 3] === 0) continue;
    seen += 1;
    if (
      partPalette.some(({ rgb }) => rgb.every((v, c) => Math.abs(data[at + c]! / unit - v) <= near))
    )
      known += 1;
  }
  return known >= least * seen;
}

/** An empty map of the whole canvas: what is not painted is background, and shows what lies below. */
export function newLabelMap(name: string, canvas: Bounds, depth: 8 | 16): PixelLayer {
  const [width, height] = [canvas.right - canvas.left, canvas.bottom - canvas.top];
  const length = width * height * 4;
  const data = depth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  return pixelLayer({ name, bounds: canvas, pixels: { width, height, data } });
}

/** Draws a round brush without a soft edge along a line; `null` wipes. */
export function paintLabel(
  layer: PixelLayer,
  line: Line,
  radius: number,
  part: PartName | null,
): PixelLayer {
  const { bounds, pixels } = layer;
  const max = rasterMax(pixels);
  const rgb = partPalette.find(({ name }) => name === part)?.rgb;
  const colour = rgb ? [...rgb.map((value) => (value * max) / 255), max] : [0, 0, 0, 0];
  const data = pixels.data.slice();
  const touched = lineBounds(line, radius, bounds);
  for (let y = touched.top; y < touched.bottom; y += 1) {
    for (let x = touched.left; x < touched.right; x += 1) {
      if (distanceToLine({ x: x + 0.5, y: y + 0.5 }, line) > radius) continue;
      data.set(colour, ((y - bounds.top) * pixels.width + x - bounds.left) * 4);
    }
  }
  return { ...layer, pixels: { ...pixels, data }, own: null };
}

import { PspError } from '../../../protocol/errors';
import { partPalette } from '../../faces';
import type { EncoderSource } from '../operation';

/** Antialiased edges miss the palette; a painting misses it nearly everywhere. */
const maxStrangers = 0.1;
/** Squared distance in 0..255 RGB beyond which a pixel is of no class. */
const strangerDistance = 40 ** 2;
/** Of a map that holds the numbers themselves as greys: one level of rounding off. */
const maxNumber = partPalette.length - 1 + 1;

/**
 * Numbers in the palette, [size, size], of a map in the palette's colours or in greys that are the numbers.
 * @throws PspError BAD_INPUT for a layer that is neither
 */
export function readLabels({ rgb, size }: EncoderSource): Uint8Array {
  return numbersOf(rgb, size) ?? nearestLabels(rgb, size);
}

/** `null` where the layer is not all but black grey, or all black. */
function numbersOf(rgb: Float32Array, size: number): Uint8Array | null {
  const plane = size * size;
  let most = 0;
  for (const value of rgb) most = Math.max(most, value * 255);
  if (most > maxNumber || most < 0.5) return null;
  return Uint8Array.from({ length: plane }, (_, i) =>
    Math.min(partPalette.length - 1, Math.round(rgb[i]! * 255)),
  );
}

function nearestLabels(rgb: Float32Array, size: number): Uint8Array {
  const plane = size * size;
  const labels = new Uint8Array(plane);
  let strangers = 0;
  for (let i = 0; i < plane; i += 1) {
    const [r, g, b] = [rgb[i]! * 255, rgb[plane + i]! * 255, rgb[2 * plane + i]! * 255];
    let least = Infinity;
    partPalette.forEach(({ rgb: [pr, pg, pb] }, label) => {
      const distance = (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2;
      if (distance >= least) return;
      least = distance;
      labels[i] = label;
    });
    if (least > strangerDistance) strangers += 1;
  }
  if (strangers > maxStrangers * plane) {
    throw new PspError(
      'BAD_INPUT',
      `${((strangers / plane) * 100).toFixed(0)} % of this layer is in none of the 19 label colours. Paint flat colours from the palette in the guide, without shading.`,
    );
  }
  return labels;
}

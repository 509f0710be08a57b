import { blur } from '../../compose';
import type { PartName } from '../../faces';
import { partPalette } from '../../faces';
import { toSigned } from '../operation';

/** What the parts of a face look like, sRGB: tried on maps of drawn faces until their results agreed best. */
const colours: Readonly<Record<PartName, readonly [number, number, number]>> = {
  background: [225, 225, 228],
  skin: [205, 160, 140],
  nose: [215, 168, 148],
  glasses: [110, 95, 90],
  'left eye': [90, 75, 70],
  'right eye': [90, 75, 70],
  'left brow': [95, 70, 58],
  'right brow': [95, 70, 58],
  'left ear': [200, 130, 110],
  'right ear': [200, 130, 110],
  mouth: [225, 215, 205],
  'upper lip': [175, 85, 85],
  'lower lip': [190, 95, 95],
  hair: [70, 52, 42],
  hat: [60, 80, 140],
  earring: [220, 220, 225],
  necklace: [210, 200, 160],
  neck: [170, 120, 100],
  clothing: [60, 80, 130],
};
/** Standard deviation of the blur, a share of the side: no photograph has edges as hard as a map's. */
const softness = 3 / 256;

/**
 * A label map painted in the colours of a face and blurred, [3, size, size] in −1..1: a small and blurred
 * photograph to an encoder that has learned to read those.
 * @param labels numbers in the palette, [size, size]
 */
export function colourLabels(labels: Uint8Array, size: number): Float32Array {
  const plane = size * size;
  const rgb = new Float32Array(3 * plane);
  const byLabel = partPalette.map(({ name }) => colours[name]);
  for (let channel = 0; channel < 3; channel++) {
    const values = Float32Array.from(labels, (label) => byLabel[label]![channel]! / 255);
    rgb.set(blur(values, size, softness * size), channel * plane);
  }
  return toSigned(rgb);
}

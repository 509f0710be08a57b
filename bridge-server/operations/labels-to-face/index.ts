import { PspError } from '../../../protocol/errors';
import { defineOperation } from '../operation';
import { drawing } from '../parameters';
import { partPalette } from '../../faces';

/** Antialiased edges miss the palette; a painting misses it nearly everywhere. */
const maxStrangers = 0.1;
/** Squared distance in 0..255 RGB beyond which a pixel is of no class. */
const strangerDistance = 40 ** 2;

export const labelsToFace = defineOperation({
  declaration: {
    id: 'labels-to-face',
    label: 'Label map to face',
    summary: 'Faces from flat colours that name their parts, drawn from a seed.',
    input: 'label-map',
    composition: 'replace',
    mask: 'none',
    variants: true,
    parameters: drawing({ variants: 3, alpha: 1, styles: ['fine'] }),
    modelHint: 'psp_celebs_seg_to_face.pt',
  },
  servedBy: ['labels-to-face'],
  encoderInput({ rgb, size }) {
    const plane = size * size;
    const oneHot = new Float32Array(partPalette.length * plane);
    let strangers = 0;
    for (let i = 0; i < plane; i += 1) {
      const { label, distance } = nearestLabel(
        rgb[i]! * 255,
        rgb[plane + i]! * 255,
        rgb[2 * plane + i]! * 255,
      );
      if (distance > strangerDistance) strangers += 1;
      oneHot[label * plane + i] = 1;
    }
    if (strangers > maxStrangers * plane) {
      throw new PspError(
        'BAD_INPUT',
        `${((strangers / plane) * 100).toFixed(0)} % of this layer is in none of the 19 label colours. Paint flat colours from the palette in the guide, without shading.`,
      );
    }
    return oneHot;
  },
});

function nearestLabel(r: number, g: number, b: number): { label: number; distance: number } {
  let label = 0;
  let distance = Infinity;
  partPalette.forEach(({ rgb: [pr, pg, pb] }, index) => {
    const d = (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2;
    if (d < distance) {
      distance = d;
      label = index;
    }
  });
  return { label, distance };
}

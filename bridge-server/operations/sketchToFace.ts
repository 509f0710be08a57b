import { PspError } from '../../protocol/errors';
import { defineOperation } from './operation';
import { drawing } from './parameters';

/** Paper is light and grey: Rec. 601 luma, and the spread of a pixel's channels. */
const paperLuma = 0.7;
const paperSpread = 0.15;
/** A drawing leaves most of its paper bare; a dark, shaded one half of it. Of a photograph little is white. */
const minPaper = 0.4;

export const sketchToFace = defineOperation({
  declaration: {
    id: 'sketch-to-face',
    label: 'Sketch to face',
    summary: 'Faces in photographic detail from a line drawing, drawn from a seed.',
    input: 'sketch',
    composition: 'replace',
    mask: 'none',
    variants: true,
    parameters: drawing({ variants: 3, alpha: 1, styles: ['fine'] }),
    modelHint: 'psp_celebs_sketch_to_face.pt',
  },
  servedBy: ['sketch-to-face'],
  // One channel in 0..1, not normalised: dark lines on white. Rec. 601 luma, as PIL's "L".
  encoderInput({ rgb, size }) {
    const plane = size * size;
    const luma = new Float32Array(plane);
    let paper = 0;
    for (let i = 0; i < plane; i += 1) {
      const [r, g, b] = [rgb[i]!, rgb[plane + i]!, rgb[2 * plane + i]!];
      luma[i] = 0.299 * r + 0.587 * g + 0.114 * b;
      if (luma[i]! >= paperLuma && Math.max(r, g, b) - Math.min(r, g, b) <= paperSpread) paper += 1;
    }
    if (paper < minPaper * plane) {
      throw new PspError(
        'BAD_INPUT',
        `This layer is no line drawing: ${((paper / plane) * 100).toFixed(0)} % of it is blank paper, and at least ${minPaper * 100} % should be. Draw dark lines on white, or on nothing.`,
      );
    }
    return luma;
  },
});

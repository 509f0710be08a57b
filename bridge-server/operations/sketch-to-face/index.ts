import { defineOperation } from '../operation';
import { drawing } from '../parameters';

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
    return Float32Array.from(
      { length: plane },
      (_, i) => 0.299 * rgb[i]! + 0.587 * rgb[plane + i]! + 0.114 * rgb[2 * plane + i]!,
    );
  },
});

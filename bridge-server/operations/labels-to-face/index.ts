import { partLabels, partPalette } from '../../faces';
import { defineOperation } from '../operation';
import { drawing } from '../parameters';
import { colourLabels } from './colourLabels';
import { readLabels } from './readLabels';

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
  // One-hot planes, not normalised.
  encoderInput(source) {
    const plane = source.size ** 2;
    const oneHot = new Float32Array(partPalette.length * plane);
    readLabels(source).forEach((label, i) => (oneHot[label * plane + i] = 1));
    return oneHot;
  },
  photographInput: (source) => colourLabels(readLabels(source), source.size),
  drawnInput: (parts, size) => colourLabels(partLabels(parts, size), size),
});

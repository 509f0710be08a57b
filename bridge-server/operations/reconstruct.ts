import { defaultFeather } from '../faces';
import { defineOperation, toSigned, wholeSource } from './operation';
import { area, blending, feather, selection, likeness } from './parameters';

/** Inversion: the face as the generator sees it, the base of everything else. */
export const reconstruct = defineOperation({
  declaration: {
    id: 'reconstruct',
    label: 'Reconstruct',
    summary: 'The face as the generator sees it: the base of every other edit.',
    input: 'face',
    composition: 'replace',
    mask: 'none',
    variants: false,
    parameters: [likeness, area('face'), feather(defaultFeather.face), selection, ...blending],
    modelHint: 'psp_ffhq_encode.pt',
  },
  servedBy: ['reconstruct'],
  encoderInput: (source) => toSigned(source.rgb),
  fit: wholeSource,
});

import { defaultFeather } from '../faces';
import { defineOperation, toSigned, wholeSource } from './operation';
import {
  area,
  blending,
  drawing,
  feather,
  selection,
  keepPhotograph,
  likeness,
} from './parameters';

/** Multi-modal synthesis (paper, section 4.3): the picture's own styles kept or replaced by drawn ones. */
export const resampleStyle = defineOperation({
  declaration: {
    id: 'resample-style',
    label: 'Resample style',
    summary: 'Variants of the face: some of its styles are drawn anew from a seed.',
    input: 'face',
    composition: 'change',
    mask: 'none',
    variants: true,
    parameters: [
      // Coarse and middle styles are pose, shape and features: they stay the person's unless asked for.
      ...drawing({ variants: 3, alpha: 0.55, styles: ['fine'] }),
      likeness,
      // The hair stays the photograph's: drawn hair ends elsewhere.
      area('face'),
      feather(defaultFeather.face),
      selection,
      keepPhotograph,
      ...blending,
    ],
    modelHint: 'psp_ffhq_encode.pt',
  },
  servedBy: ['reconstruct'],
  encoderInput: (source) => toSigned(source.rgb),
  fit: wholeSource,
  // Colours and light are drawn; other styles move the features.
  still: ({ styles }) => styles.every((group) => group === 'fine'),
});

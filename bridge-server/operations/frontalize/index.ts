import { defaultFeather } from '../../faces';
import { readDirections } from '../../models/readDirections';
import { defineOperation, toSigned, wholeSource } from '../operation';
import { area, blending, feather, selection, keepPhotograph, likeness } from '../parameters';
import { turnToFront } from './turnToFront';

export const frontalize = defineOperation({
  declaration: {
    id: 'frontalize',
    label: 'Frontalize',
    summary: 'The face turned to the camera.',
    input: 'face',
    composition: 'change',
    mask: 'none',
    variants: false,
    parameters: [
      likeness,
      area('auto'),
      feather(defaultFeather.face),
      selection,
      keepPhotograph,
      ...blending,
    ],
    modelHint: 'psp_ffhq_frontalization.pt',
  },
  servedBy: ['frontalize'],
  encoderInput: (source) => toSigned(source.rgb),
  fit: wholeSource,
  replacesTurnedHead: true,
  // A model with directions turns the head; another was trained on flipped faces (paper, section 4.2).
  edit: async (codes, _, model, mirror) => {
    const directions = await readDirections(model);
    return directions.length > 0 ? turnToFront(codes, directions, mirror) : codes;
  },
});

import { defineOperation, toSigned } from '../operation';
import { area, blending } from '../parameters';

export const frontalize = defineOperation({
  declaration: {
    id: 'frontalize',
    label: 'Frontalize',
    summary: 'The face turned to the camera.',
    input: 'face',
    composition: 'replace',
    mask: 'none',
    variants: false,
    // A turned head leaves its old outline: the face alone would show both.
    parameters: [area('head'), ...blending],
    modelHint: 'psp_ffhq_frontalization.pt',
  },
  servedBy: ['frontalize'],
  encoderInput: (source) => toSigned(source.rgb),
});

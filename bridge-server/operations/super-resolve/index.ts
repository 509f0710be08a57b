import { defineOperation, toSigned } from '../operation';
import { area, blending, resultSize } from '../parameters';
import { shrinkBicubic } from './shrinkBicubic';

export const superResolve = defineOperation({
  declaration: {
    id: 'super-resolve',
    label: 'Super-resolve',
    summary: 'A small or blurred face at the resolution of the generator.',
    input: 'face',
    composition: 'replace',
    mask: 'none',
    variants: false,
    parameters: [
      resultSize,
      {
        kind: 'choice',
        name: 'shrink',
        label: 'Shrink first',
        hint: 'For a face that is large but blurred: shows it to the network this many times smaller.',
        default: '1',
        choices: [
          { value: '1', label: 'No' },
          { value: '2', label: '÷ 2' },
          { value: '4', label: '÷ 4' },
          { value: '8', label: '÷ 8' },
          { value: '16', label: '÷ 16' },
        ],
      },
      area('face'),
      ...blending,
    ],
    modelHint: 'psp_celebs_super_resolution.pt',
  },
  servedBy: ['super-resolve'],
  encoderInput: (source, parameters) =>
    toSigned(shrinkBicubic(source.rgb, source.size, Number(parameters.shrink))),
});

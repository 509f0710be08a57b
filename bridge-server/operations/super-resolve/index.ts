import { toSigned, type Operation } from '../operation';
import { area, blending } from '../parameters';
import { shrinkBicubic } from './shrinkBicubic';

export const superResolve: Operation = {
  declaration: {
    id: 'super-resolve',
    label: 'Super-resolve',
    summary: 'A small or blurred face at the resolution of the generator.',
    input: 'face',
    mask: 'none',
    variants: false,
    parameters: [
      {
        kind: 'choice',
        name: 'size',
        label: 'Result',
        hint: 'In place, or as a new document: the picture enlarged, or the aligned face alone.',
        default: 'in-place',
        choices: [
          { value: 'in-place', label: 'In place' },
          { value: 'x2', label: 'New document × 2' },
          { value: 'x4', label: 'New document × 4' },
          { value: 'x8', label: 'New document × 8' },
          { value: 'native', label: 'Aligned face, native size' },
        ],
      },
      {
        kind: 'choice',
        name: 'shrink',
        label: 'Shrink first',
        hint: 'For a face that is large but blurred: shows it to the network this many times smaller.',
        default: '1',
        choices: ['1', '2', '4', '8', '16'].map((value) => ({
          value,
          label: value === '1' ? 'No' : `÷ ${value}`,
        })),
      },
      area('face'),
      ...blending,
    ],
    modelHint: 'psp_celebs_super_resolution.pt',
  },
  servedBy: ['super-resolve'],
  encoderInput: (source, parameters) =>
    toSigned(shrinkBicubic(source.rgb, source.size, Number(parameters['shrink']))),
};

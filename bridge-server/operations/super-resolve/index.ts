import { defaultFeather } from '../../faces';
import { defineOperation, toSigned } from '../operation';
import { area, feather, matchGrain, resultSize, shrinkFirst } from '../parameters';
import { shrinkBicubic } from './shrinkBicubic';

export const superResolve = defineOperation({
  declaration: {
    id: 'super-resolve',
    label: 'Super-resolve',
    summary: 'A small or blurred face at the resolution of the generator.',
    input: 'face',
    composition: 'band',
    mask: 'none',
    variants: false,
    parameters: [resultSize, shrinkFirst, area('face'), feather(defaultFeather.face), matchGrain],
    modelHint: 'psp_celebs_super_resolution.pt',
  },
  servedBy: ['super-resolve'],
  encoderInput: (source, parameters) =>
    toSigned(shrinkBicubic(source.rgb, source.size, Number(parameters.shrink))),
});

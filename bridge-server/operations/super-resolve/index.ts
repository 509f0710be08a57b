import { defaultFeather } from '../../faces';
import { defineOperation, toSigned, wholeSource } from '../operation';
import {
  area,
  feather,
  selection,
  likeness,
  matchGrain,
  resultSize,
  shrinkFirst,
} from '../parameters';
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
    parameters: [
      resultSize,
      shrinkFirst,
      likeness,
      // Hair too, and where it ends.
      area('crop'),
      feather(defaultFeather.face),
      selection,
      matchGrain,
    ],
    modelHint: 'psp_celebs_super_resolution.pt',
  },
  servedBy: ['super-resolve'],
  encoderInput: (source, parameters) =>
    toSigned(shrinkBicubic(source.rgb, source.size, Number(parameters.shrink))),
  fit(source, parameters) {
    const whole = { ...wholeSource(source), person: false };
    const shrink = Number(parameters.shrink);
    return shrink === 1 ? whole : { ...whole, resolution: source.size / shrink };
  },
});

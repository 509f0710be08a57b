import { defaultFeather } from '../faces';
import { defineOperation, toSigned } from './operation';
import { area, blending, feather, selection } from './parameters';

/** Translation into the domain of an imported model: toons, paintings; animals take the whole layer. */
export const toonify = defineOperation({
  declaration: {
    id: 'toonify',
    label: 'Toonify or other domain',
    summary: 'The face, or the whole layer, in the world of an imported model.',
    input: 'face-or-layer',
    composition: 'replace',
    mask: 'none',
    variants: false,
    parameters: [area('crop'), feather(defaultFeather.crop), selection, ...blending],
    modelHint: 'psp_ffhq_toonify.pt, or a checkpoint of another domain',
  },
  servedBy: ['toonify'],
  changes: () => 'crop',
  encoderInput: (source) => toSigned(source.rgb),
});

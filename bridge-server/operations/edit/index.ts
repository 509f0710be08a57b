import { defaultFeather } from '../../faces';
import { readDirections } from '../../models/readDirections';
import { defineOperation, toSigned, wholeSource } from '../operation';
import { area, blending, feather, keepPhotograph, likeness } from '../parameters';
import { moveCodes } from './moveCodes';
import { sliders } from './sliders';

/** The face moved along directions in W+ (Shen et al. 2020, arXiv 1907.10786), several at once. */
export const edit = defineOperation({
  declaration: {
    id: 'edit',
    label: 'Edit',
    summary: 'Head, expression, age, hair and light of the face, by sliders.',
    input: 'face',
    composition: 'change',
    mask: 'none',
    variants: false,
    parameters: [
      ...sliders,
      likeness,
      // A head that turns leaves its old outline; the mask shows only what changes.
      area('crop'),
      feather(defaultFeather.crop),
      keepPhotograph,
      ...blending,
    ],
    modelHint: 'a model with directions',
  },
  servedBy: ['edit'],
  encoderInput: (source) => toSigned(source.rgb),
  fit: wholeSource,
  edit: async (codes, parameters, model) =>
    moveCodes(codes, await readDirections(model), amountsOf(parameters)),
});

const amountsOf = (parameters: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(sliders.map(({ name }) => [name, Number(parameters[name])]));

import { defaultFeather } from '../../faces';
import { readDirections } from '../../models/readDirections';
import { defineOperation, toSigned, wholeSource } from '../operation';
import { area, blending, feather, selection, keepPhotograph, likeness } from '../parameters';
import { moveCodes } from './moveCodes';
import { sliders } from './sliders';
import { inDegrees } from './turnHead';

/** Sliders that leave the face's forms and colours. */
const faceStays: readonly string[] = ['hairColour', 'lightSide', 'hardLight'];
/** And those that change its colours alone. */
const formsStay: readonly string[] = [...faceStays, 'lips'];

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
      area('auto'),
      feather(defaultFeather.face),
      selection,
      keepPhotograph,
      ...blending,
    ],
    modelHint: 'a model with directions',
  },
  servedBy: ['edit'],
  encoderInput: (source) => toSigned(source.rgb),
  fit: wholeSource,
  changes: (values) => {
    // The face keeps still while its hair gets another colour, or all of it another light.
    return allOf(faceStays, values) ? null : 'face';
  },
  still: (values) => allOf(formsStay, values),
  withoutLight: (values) =>
    values.lightSide === 0 && values.hardLight === 0
      ? null
      : { ...values, lightSide: 0, hardLight: 0 },
  recoloursHair: ({ hairColour }) => hairColour !== 0,
  edit: async (codes, parameters, model, mirror) => {
    const directions = await readDirections(model);
    const amounts = await inDegrees(codes, directions, amountsOf(parameters), mirror);
    return moveCodes(codes, directions, amounts);
  },
});

const amountsOf = (parameters: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(sliders.map(({ name }) => [name, Number(parameters[name])]));

/** Whether no other slider is moved. */
const allOf = (names: readonly string[], values: Readonly<Record<string, unknown>>): boolean =>
  sliders.every(({ name }) => names.includes(name) || values[name] === 0);

import { isPspError } from '../../protocol/errors';
import { type OperationDeclaration } from '../../protocol/operation';
import { completeParameters } from '../../protocol/parameter';

const declaration: Pick<OperationDeclaration, 'label' | 'parameters'> = {
  label: 'Resample style',
  parameters: [
    {
      kind: 'number',
      name: 'alpha',
      label: 'Alpha',
      hint: '',
      default: 1,
      min: 0,
      max: 1,
      step: 0.05,
    },
    {
      kind: 'number',
      name: 'variants',
      label: 'Variants',
      hint: '',
      default: 3,
      min: 1,
      max: 16,
      step: 1,
    },
    { kind: 'seed', name: 'seed', label: 'Seed', hint: '', default: 1, min: 0, max: 4294967295 },
    {
      kind: 'set',
      name: 'styles',
      label: 'Styles',
      hint: '',
      default: ['fine'],
      choices: ['coarse', 'middle', 'fine'].map((value) => ({ value, label: value })),
    },
  ],
};

function refusal(values: Record<string, unknown>): string {
  try {
    completeParameters(declaration, values);
  } catch (error) {
    if (isPspError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

test('defaults are filled in and sets are put in declared order', () => {
  expect(completeParameters(declaration, { styles: ['fine', 'coarse'] })).toEqual({
    alpha: 1,
    variants: 3,
    seed: 1,
    styles: ['coarse', 'fine'],
  });
});

test.each([
  [{ alpha: 2 }, 'BAD_INPUT: Alpha cannot be 2. Use a number from 0 to 1.'],
  [{ variants: 1.5 }, 'BAD_INPUT: Variants cannot be 1.5. Use a whole number from 1 to 16.'],
  [{ seed: -1 }, 'BAD_INPUT: Seed cannot be -1. Use a whole number from 0 to 4294967295.'],
  [{ styles: [] }, 'BAD_INPUT: Styles cannot be []. Use one or more of coarse, middle, fine.'],
  [
    { colour: 1 },
    'BAD_INPUT: Resample style has no parameter "colour". It has: alpha, variants, seed, styles.',
  ],
])('%j is refused in words', (values, message) => {
  expect(refusal(values)).toBe(message);
});

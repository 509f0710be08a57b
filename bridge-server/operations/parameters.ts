import type {
  ChoiceParameter,
  NumberParameter,
  ParameterValues,
  SeedParameter,
  SetParameter,
  SwitchParameter,
  ValuesOf,
} from '../../protocol/parameter';

/** Parameters that several operations share, declared once. */

export const maxVariants = 16;

export const area = (preset: 'face' | 'head' | 'crop') =>
  ({
    kind: 'choice',
    name: 'area',
    label: 'Area',
    hint: 'What the layer mask shows; the mask stays editable.',
    default: preset,
    choices: [
      { value: 'face', label: 'Face' },
      { value: 'head', label: 'Head and hair' },
      { value: 'crop', label: 'Whole crop' },
    ],
  }) as const satisfies ChoiceParameter;

const matchColour = {
  kind: 'switch',
  name: 'matchColour',
  label: 'Match colour',
  hint: 'Shifts the result towards the colours around it, so that no edge shows.',
  default: true,
} as const satisfies SwitchParameter;

const matchGrain = {
  kind: 'switch',
  name: 'matchGrain',
  label: 'Match grain',
  hint: "Adds the photograph's own grain to the smooth result.",
  default: true,
} as const satisfies SwitchParameter;

export const blending = [matchColour, matchGrain] as const;

const seed = {
  kind: 'seed',
  name: 'seed',
  label: 'Seed',
  hint: 'The same seed gives the same result. Further variants count up from it.',
  default: 1,
  min: 0,
  max: 4294967295,
} as const satisfies SeedParameter;

const variants = (preset: number) =>
  ({
    kind: 'number',
    name: 'variants',
    label: 'Variants',
    hint: 'How many layers to draw.',
    default: preset,
    min: 1,
    max: maxVariants,
    step: 1,
  }) as const satisfies NumberParameter;

const alpha = (preset: number) =>
  ({
    kind: 'number',
    name: 'alpha',
    label: 'Amount',
    hint: 'How far the drawn styles replace those of the picture.',
    default: preset,
    min: 0,
    max: 1,
    step: 0.05,
  }) as const satisfies NumberParameter;

export type StyleGroup = 'coarse' | 'middle' | 'fine';

const styles = (preset: readonly StyleGroup[]) =>
  ({
    kind: 'set',
    name: 'styles',
    label: 'Styles to draw',
    hint: 'Coarse: pose and shape. Middle: features and hair. Fine: colours and light.',
    default: preset,
    choices: [
      { value: 'coarse', label: 'Coarse' },
      { value: 'middle', label: 'Middle' },
      { value: 'fine', label: 'Fine' },
    ],
  }) as const satisfies SetParameter;

/** What an operation that draws styles from a seed offers. */
export const drawing = (preset: {
  readonly variants: number;
  readonly alpha: number;
  readonly styles: readonly StyleGroup[];
}) => [variants(preset.variants), seed, alpha(preset.alpha), styles(preset.styles)] as const;

/** Where the result goes. */
export const resultSize = {
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
} as const satisfies ChoiceParameter;

/** The values of `drawing`, which every operation with variants has. */
export type DrawingValues = ValuesOf<ReturnType<typeof drawing>>;
export const drawingValues = (values: ParameterValues): DrawingValues =>
  values as unknown as DrawingValues;

/** What decides where and how a result is placed, each as far as the operation has it. */
export type PlacingValues = Partial<
  ValuesOf<readonly [ReturnType<typeof area>, typeof resultSize, ...typeof blending]>
>;
export const placingValues = (values: ParameterValues): PlacingValues => values as PlacingValues;

import type {
  ChoiceParameter,
  NumberParameter,
  ParameterValues,
  SeedParameter,
  SetParameter,
  SwitchParameter,
  ValueOf,
  ValuesOf,
} from '../../protocol/parameter';

/** Parameters that several operations share, declared once. */

export const maxVariants = 16;

export const area = (preset: 'auto' | 'face' | 'head' | 'crop') =>
  ({
    kind: 'choice',
    name: 'area',
    label: 'Area',
    hint: 'What is drawn anew; around it the photograph stays, and moves along with a head that turns.',
    default: preset,
    choices: [
      { value: 'auto', label: 'What changes' },
      { value: 'face', label: 'Face' },
      { value: 'head', label: 'Head and hair' },
      { value: 'crop', label: 'Whole crop' },
    ],
  }) as const satisfies ChoiceParameter;

/** A share, shown in per cent: 0..1 on the wire. */
const share = <N extends string>(name: N, label: string, hint: string, preset: number, max = 1) =>
  ({
    kind: 'number',
    name,
    label,
    hint,
    default: preset,
    min: 0,
    max,
    step: max === 1 ? 0.05 : 0.01,
  }) as const satisfies NumberParameter;

/** How soft the mask's edge is, in shares of the face's radius (of the crop's side, of the hole's size). */
export const feather = (preset: number) =>
  share('feather', 'Feather', "How far the layer mask's edge fades.", preset, 0.4);

/** Whether the layer keeps to the document's selection. */
export const selection = {
  kind: 'choice',
  name: 'selection',
  label: 'Selection',
  hint: 'With a part selected: whether the new layer shows only there, or leaves that part as it is.',
  default: 'ignored',
  choices: [
    { value: 'ignored', label: 'Not used' },
    { value: 'only', label: 'Only in the selection' },
    { value: 'protected', label: 'Protect the selection' },
  ],
} as const satisfies ChoiceParameter;

/** How much of the photograph stays where the edit changes nothing. */
export const keepPhotograph = share(
  'keep',
  'Keep the photograph',
  "1 keeps the photograph's own pixels and changes only what the edit changes; 0 shows the drawn face.",
  1,
);

const matchColour = share(
  'matchColour',
  'Match colour',
  "How far light and colours follow the photograph's, so that no edge shows.",
  1,
);

export const matchGrain = {
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

const truncation = {
  kind: 'number',
  name: 'truncation',
  label: 'Truncation',
  hint: 'Lower draws nearer to the average face that the model knows: less varied, less strange.',
  default: 0.7,
  min: 0,
  max: 1,
  step: 0.05,
} as const satisfies NumberParameter;

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
}) =>
  [
    variants(preset.variants),
    seed,
    alpha(preset.alpha),
    truncation,
    styles(preset.styles),
  ] as const;

/** How far codes are fitted to the photograph, where the model's package can do that. */
export const likeness = {
  kind: 'choice',
  name: 'likeness',
  label: 'Likeness',
  hint: 'Fast takes the first answer. The others fit it to the photograph, closest until nothing more is gained.',
  default: 'close',
  choices: [
    { value: 'fast', label: 'Fast' },
    { value: 'close', label: 'Close' },
    { value: 'closest', label: 'Closest' },
  ],
} as const satisfies ChoiceParameter;

export type Likeness = ValueOf<typeof likeness>;

/** `fast` where an operation does not start from a photograph. */
export const likenessOf = (values: ParameterValues): Likeness =>
  (values as Partial<ValuesOf<readonly [typeof likeness]>>).likeness ?? 'fast';

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

/** How blurred the photograph is. */
export const shrinkFirst = {
  kind: 'choice',
  name: 'shrink',
  label: 'Blurred as if enlarged',
  hint: 'How many times a large but blurred face could be shrunk without losing anything: estimated from its pixels, or given.',
  default: '1',
  choices: [
    { value: '1', label: 'Estimated' },
    { value: '2', label: '2 ×' },
    { value: '4', label: '4 ×' },
    { value: '8', label: '8 ×' },
    { value: '16', label: '16 ×' },
  ],
} as const satisfies ChoiceParameter;

/** The values of `drawing`, which every operation with variants has. */
export type DrawingValues = ValuesOf<ReturnType<typeof drawing>>;
export const drawingValues = (values: ParameterValues): DrawingValues =>
  values as unknown as DrawingValues;

/** What decides where and how a result is placed, each as far as the operation has it. */
export type PlacingValues = Partial<
  ValuesOf<
    readonly [
      ReturnType<typeof area>,
      ReturnType<typeof feather>,
      typeof selection,
      typeof keepPhotograph,
      typeof resultSize,
      typeof shrinkFirst,
      ...typeof blending,
    ]
  >
>;
export const placingValues = (values: ParameterValues): PlacingValues => values as PlacingValues;

import type {
  ChoiceParameter,
  NumberParameter,
  ParameterDeclaration,
  SeedParameter,
  SetParameter,
  SwitchParameter,
} from '../../protocol/operation';

/** Parameters that several operations share, declared once. */

export const maxVariants = 16;

export const area = (preset: 'face' | 'head' | 'crop'): ChoiceParameter => ({
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
});

const matchColour: SwitchParameter = {
  kind: 'switch',
  name: 'matchColour',
  label: 'Match colour',
  hint: 'Shifts the result towards the colours around it, so that no edge shows.',
  default: true,
};

const matchGrain: SwitchParameter = {
  kind: 'switch',
  name: 'matchGrain',
  label: 'Match grain',
  hint: "Adds the photograph's own grain to the smooth result.",
  default: true,
};

export const blending: readonly ParameterDeclaration[] = [matchColour, matchGrain];

const seed: SeedParameter = {
  kind: 'seed',
  name: 'seed',
  label: 'Seed',
  hint: 'The same seed gives the same result. Further variants count up from it.',
  default: 1,
  min: 0,
  max: 4294967295,
};

const variants = (preset: number): NumberParameter => ({
  kind: 'number',
  name: 'variants',
  label: 'Variants',
  hint: 'How many layers to draw.',
  default: preset,
  min: 1,
  max: maxVariants,
  step: 1,
});

const alpha = (preset: number): NumberParameter => ({
  kind: 'number',
  name: 'alpha',
  label: 'Strength',
  hint: 'How far the drawn styles replace those of the picture.',
  default: preset,
  min: 0,
  max: 1,
  step: 0.05,
});

const styles = (preset: readonly string[]): SetParameter => ({
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
});

/** What an operation that draws styles from a seed offers. */
export const drawing = (preset: {
  readonly variants: number;
  readonly alpha: number;
  readonly styles: readonly string[];
}): readonly ParameterDeclaration[] => [
  variants(preset.variants),
  seed,
  alpha(preset.alpha),
  styles(preset.styles),
];

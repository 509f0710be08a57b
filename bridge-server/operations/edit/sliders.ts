import type { NumberParameter } from '../../../protocol/parameter';

/** A slider from −1 to 1: its ends are where the usable range ends, 0 leaves the face as it is. */
const share = <const N extends string>(name: N, label: string, hint: string) =>
  ({ kind: 'number', name, label, hint, default: 0, min: -1, max: 1, step: 0.05 }) as const;

/** A slider in a unit of its own. */
const measured = <const N extends string>(
  name: N,
  label: string,
  hint: string,
  min: number,
  max: number,
) => ({ kind: 'number', name, label, hint, default: 0, min, max, step: 1 }) as const;

/**
 * What can be edited, by the names of the directions that the starter's package carries
 * (models/training, targets.py). A model moves those that it has; beyond the range of its own
 * direction a slider counts as its end.
 */
export const sliders = [
  measured(
    'head',
    'Head left, right',
    'Degrees: below 0 left in the picture, above 0 right.',
    -40,
    40,
  ),
  measured('nod', 'Head down, up', 'Degrees: below 0 down, above 0 up.', -25, 25),
  share('smile', 'Smile', 'Below 0 less of a smile, above 0 more.'),
  share('mouth', 'Mouth', 'Below 0 closed, above 0 open.'),
  share('eyes', 'Eyes', 'Below 0 narrower, above 0 wider open.'),
  measured('age', 'Age', 'Years younger or older, as a network guesses ages.', -30, 30),
  share('beard', 'Beard', 'Below 0 shaved, above 0 fuller.'),
  share('hairColour', 'Hair colour', 'Below 0 darker, above 0 lighter.'),
  share('lightSide', 'Light from the side', 'Below 0 from the right, above 0 from the left.'),
  share('hardLight', 'Hard light', 'Below 0 softer, above 0 harder.'),
  share('lips', 'Lip colour', 'Below 0 paler, above 0 redder.'),
] as const satisfies readonly NumberParameter[];

import type { NumberParameter } from '../../../protocol/parameter';

/** A share of the usable range, whose longer side ends at 1 or −1; 0 leaves the face as it is. */
const share = <const N extends string>(
  name: N,
  label: string,
  hint: string,
  [min, max]: readonly [number, number] = [-1, 1],
) => ({ kind: 'number', name, label, hint, default: 0, min, max, step: 0.05 }) as const;

/** A slider in a unit of its own. */
const measured = <const N extends string>(
  name: N,
  label: string,
  hint: string,
  [min, max]: readonly [number, number],
) => ({ kind: 'number', name, label, hint, default: 0, min, max, step: 1 }) as const;

/**
 * What can be edited: the directions of the starter's package, within their ranges (found and measured
 * in models/training/psp_training/directions). A head is turned as far as its photograph follows without
 * new hair or background; age, light and colours as far as strips of photographs look untouched. A model moves those that it has.
 */
export const sliders = [
  measured(
    'head',
    'Head left, right',
    'Degrees: below 0 left in the picture, above 0 right.',
    [-20, 20],
  ),
  measured('nod', 'Head down, up', 'Degrees: below 0 down, above 0 up.', [-10, 16]),
  share('smile', 'Smile', 'Below 0 less of a smile, above 0 more.', [-0.5, 1]),
  share('mouth', 'Mouth', 'Below 0 closed, above 0 open.', [-1, 0.5]),
  share('eyes', 'Eyes', 'Below 0 narrower, above 0 wider open.', [-1, 0.5]),
  measured('age', 'Age', 'Years younger or older, as a network guesses ages.', [-10, 10]),
  share('beard', 'Beard', 'Below 0 shaved, above 0 fuller.'),
  share('hairColour', 'Hair colour', 'Below 0 darker, above 0 lighter.'),
  share(
    'lightSide',
    'Light from the side',
    'Below 0 from the right, above 0 from the left.',
    [-0.7, 0.7],
  ),
  share('hardLight', 'Hard light', 'Below 0 softer, above 0 harder.', [-1, 0.7]),
  share('lips', 'Lip colour', 'Below 0 paler, above 0 redder.', [-0.6, 0.8]),
] as const satisfies readonly NumberParameter[];

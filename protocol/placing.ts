/** Parameters that decide how a result is placed, not what is drawn: changed without running a network. */
export const placingNames: readonly string[] = [
  'area',
  'feather',
  'keep',
  'matchColour',
  'matchGrain',
];

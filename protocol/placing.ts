/** Parameters that decide how a result is placed, not what is drawn: changed without running a network. */
export const placingNames: readonly string[] = [
  'area',
  'feather',
  'keep',
  'matchColour',
  'matchGrain',
  'selection',
];

/** What a result does with the document's selection; the parameter of an operation that can is called `selection`. */
export const selectionUses = ['ignored', 'only', 'protected'] as const;
export type SelectionUse = (typeof selectionUses)[number];

export const usesSelection = (operation: {
  readonly parameters: readonly { readonly name: string }[];
}): boolean => operation.parameters.some(({ name }) => name === 'selection');

/**
 * Where a patch's bounds are counted: in the layer's document; in a new document that is the old one
 * enlarged by a whole factor; or as a picture of its own, the aligned crop at the generator's size.
 */
export type PatchSpace =
  | { readonly kind: 'document' }
  | { readonly kind: 'enlarged'; readonly factor: 2 | 4 | 8 }
  | { readonly kind: 'crop' };

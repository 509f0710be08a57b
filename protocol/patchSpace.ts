import { oneOf, variants, type Infer } from './decode';

/**
 * Where a patch's bounds are counted: in the layer's document; in a new document that is the old one
 * enlarged by a whole factor; or as a picture of its own, the aligned crop at the generator's size.
 */
export const patchSpace = variants('kind', {
  document: {},
  enlarged: { factor: oneOf(2, 4, 8) },
  crop: {},
});
export type PatchSpace = Infer<typeof patchSpace>;

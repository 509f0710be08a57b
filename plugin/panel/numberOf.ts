import type { MadeLayer } from '../core/job';

type Numbered = Pick<MadeLayer, 'faceNumber' | 'variant'>;

/** What tells a layer from the others: its face, its variant, or both. */
export function numberOf({ faceNumber, variant }: Numbered, layers: readonly Numbered[]): string {
  const severalFaces = layers.some((other) => other.faceNumber !== faceNumber);
  const severalVariants = layers.some((other) => other.variant !== variant);
  if (!severalFaces || faceNumber === null) return String(variant);
  return severalVariants ? `${faceNumber}·${variant}` : String(faceNumber);
}

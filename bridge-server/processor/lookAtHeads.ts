import { planesOf, type Grid, type LitPart } from '../compose';
import {
  partPalette,
  partShare,
  type FaceParts,
  type FacePlanes,
  type PartName,
  type PartsReader,
} from '../faces';
import type { Source } from './readSource';

/** All that a change of styles or light may touch; what is worn stays the photograph's. */
const headParts = partPalette
  .map(({ name }) => name)
  .filter((name) => !['background', 'hat', 'earring', 'necklace', 'clothing'].includes(name));

/** Sources whose placements know where the head ends: at its hair, not at a round shape. */
export async function lookAtHeads(
  sources: readonly Source[],
  reader: PartsReader,
  signal: AbortSignal,
): Promise<readonly Source[]> {
  const parts = await reader.read(
    sources.map(({ placement }) => placement.photograph),
    signal,
  );
  return sources.map(({ encoderSource, placement }, i) => {
    const head = shareOf(parts[i]!, headParts);
    const eyes = shareOf(parts[i]!, ['left eye', 'right eye']);
    return { encoderSource, placement: { ...placement, head, hair: hairOf(parts[i]!), eyes } };
  });
}

/** A drawn face and its hair. */
export async function lookAtHair(
  image: FacePlanes,
  reader: PartsReader,
  signal: AbortSignal,
): Promise<LitPart> {
  const [parts] = await reader.read([image], signal);
  return { picture: planesOf(image), share: hairOf(parts!) };
}

/** Where drawn faces have their eyes: two planes of 0..1 each. */
export async function findEyes(
  images: readonly FacePlanes[],
  reader: PartsReader,
  signal: AbortSignal,
): Promise<readonly Grid[]> {
  const read = await reader.read(images, signal);
  return read.map((parts) => ({
    side: parts.size,
    planes: [partShare(parts, ['left eye']), partShare(parts, ['right eye'])],
  }));
}

export const shareOf = (parts: FaceParts, names: readonly PartName[]): Grid => ({
  side: parts.size,
  planes: [partShare(parts, names)],
});

const hairOf = (parts: FaceParts): Grid => shareOf(parts, ['hair']);

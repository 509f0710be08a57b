import { partPalette, partShare, type PartsReader } from '../faces';
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
    const head = { side: parts[i]!.size, planes: [partShare(parts[i]!, headParts)] };
    return { encoderSource, placement: { ...placement, head } };
  });
}

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

/** What stays the photograph's, whatever happens to the face that wears it. */
const wornParts: readonly PartName[] = ['glasses', 'hat', 'earring', 'necklace', 'clothing'];
/** All that a change of styles or light may touch. */
export const headParts = partPalette
  .map(({ name }) => name)
  .filter((name) => name !== 'background' && (name === 'glasses' || !wornParts.includes(name)));

/** Shares of the crop: thin frames have a hundredth, what is no hat a few cells, or some of bright hair. */
const [leastGlasses, leastHat] = [0.003, 0.04];

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
    const hair = shareOf(parts[i]!, ['hair']);
    const eyes = shareOf(parts[i]!, ['left eye', 'right eye']);
    const worn = shareOf(parts[i]!, wornParts);
    const glasses = shareOf(parts[i]!, ['glasses']);
    const wears = {
      glasses: meanOf(glasses) > leastGlasses ? glasses : null,
      hat: wearsHat(parts[i]!),
    };
    return { encoderSource, placement: { ...placement, head, hair, eyes, worn, wears } };
  });
}

/** Where drawn faces have their eyes: two planes of 0..1 each. */
export const findEyes = (
  images: readonly FacePlanes[],
  reader: PartsReader,
  signal: AbortSignal,
): Promise<readonly Grid[]> =>
  findPlanes(images, reader, signal, () => [['left eye'], ['right eye']]);

/** @param groups of parts, one for each plane */
export async function findPlanes(
  images: readonly FacePlanes[],
  reader: PartsReader,
  signal: AbortSignal,
  groups: (parts: FaceParts) => readonly (readonly PartName[])[],
): Promise<readonly Grid[]> {
  const read = await reader.read(images, signal);
  return read.map((parts) => ({
    side: parts.size,
    planes: groups(parts).map((names) => partShare(parts, names)),
  }));
}

/** Where a drawn face shows a part, or its background. */
export async function findPart(
  image: FacePlanes,
  name: PartName,
  reader: PartsReader,
  signal: AbortSignal,
): Promise<Grid> {
  const [parts] = await reader.read([image], signal);
  return shareOf(parts!, [name]);
}

/** A drawn face and its hair. */
export const lookAtHair = async (
  image: FacePlanes,
  reader: PartsReader,
  signal: AbortSignal,
): Promise<LitPart> => ({
  picture: planesOf(image),
  share: await findPart(image, 'hair', reader, signal),
});

export const shareOf = (parts: FaceParts, names: readonly PartName[]): Grid => ({
  side: parts.size,
  planes: [partShare(parts, names)],
});

export function wearsHat(parts: FaceParts): boolean {
  const hat = meanOf(shareOf(parts, ['hat']));
  return hat > leastHat && hat > meanOf(shareOf(parts, ['hair']));
}

const meanOf = ({ planes }: Grid): number => {
  const [plane] = planes;
  return plane!.reduce((sum, value) => sum + value, 0) / plane!.length;
};

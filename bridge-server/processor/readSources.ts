import { requireUsable } from '../../capture/chooseFaces';
import { transformFace } from '../../protocol/face';
import type { Region } from '../../protocol/job';
import { reduceAround, type FaceFinder, type PartsReader } from '../faces';
import { placingValues } from '../operations/parameters';
import { lookAtHeads } from './lookAtHeads';
import { checkRegion, readFace, readWhole, type SeenFace, type Source } from './readSource';
import { seatHeads } from './seatHeads';
import type { Work } from './work';

/** Makes every region of a job ready; which heads they show is looked at where the operation changes them. */
export async function readSources(
  { job, operation, parameters, model, signal }: Work,
  faces: FaceFinder,
  reader: PartsReader,
): Promise<readonly Source[]> {
  const { input, mask, composition } = operation.declaration;
  const placing = placingValues(parameters);
  const read: Source[] = [];
  for (const region of job.regions) {
    checkRegion(region, input);
    const { size } = model.input;
    const found = await findAgain(region, size, faces, signal);
    read.push(
      found
        ? readFace(region, found, size, mask === 'required', placing)
        : await readWhole(region, size, input, placing),
    );
  }
  if (composition !== 'change') return read;
  const heads = await lookAtHeads(read, reader, signal);
  return operation.replacesTurnedHead ? seatHeads(heads, reader, signal) : heads;
}

/**
 * Hosts find faces in a preview; the crop is measured again in the pixels that will change.
 * @returns `null` where the region is no face
 */
async function findAgain(
  { face: given, faceNumber, bounds, pixels }: Region,
  size: number,
  faces: FaceFinder,
  signal: AbortSignal,
): Promise<SeenFace | null> {
  if (!given) return null;
  const chosen = { face: given, faceNumber: faceNumber ?? 1 };
  requireUsable(chosen);
  const inRegion = transformFace(given, 1, { x: -bounds.left, y: -bounds.top });
  const seen = await reduceAround(pixels, inRegion.quad, size);
  const face = await faces.refine(seen, inRegion, { signal });
  requireUsable({ ...chosen, face });
  return { face, seen };
}

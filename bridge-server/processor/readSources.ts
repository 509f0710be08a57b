import { requireUsable } from '../../capture/chooseFaces';
import { transformFace } from '../../protocol/face';
import type { Region } from '../../protocol/job';
import type { FaceFinder, PartsReader } from '../faces';
import { placingValues } from '../operations/parameters';
import { lookAtHeads } from './lookAtHeads';
import { checkRegion, readSource, type Source } from './readSource';
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
    const refined = await refineFace(region, faces, signal);
    read.push(readSource(refined, model.input.size, input, mask === 'required', placing));
  }
  if (composition !== 'change') return read;
  const heads = await lookAtHeads(read, reader, signal);
  return operation.replacesTurnedHead ? seatHeads(heads, reader, signal) : heads;
}

/** Hosts find faces in a preview; the crop is measured again in the pixels that will change. */
async function refineFace(region: Region, faces: FaceFinder, signal: AbortSignal): Promise<Region> {
  const { face, faceNumber, bounds, pixels } = region;
  if (!face) return region;
  const chosen = { face, faceNumber: faceNumber ?? 1 };
  requireUsable(chosen);
  const { left, top } = bounds;
  const inRegion = transformFace(face, 1, { x: -left, y: -top });
  const found = await faces.refine(pixels, inRegion, { signal });
  const refined = transformFace(found, 1, { x: left, y: top });
  requireUsable({ ...chosen, face: refined });
  return { ...region, face: refined };
}

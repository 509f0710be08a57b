import type { Latents } from '../../protocol/latents';
import type { FaceFinder, FacePlanes, PartsReader } from '../faces';
import { askedOf, createComparison, drawnAlone, saidOf } from './compareFaces';
import type { DrawnFace } from './composeFace';
import type { EditedCodes } from './editCodes';
import { findEyes } from './lookAtHeads';
import { toUnit } from './networks';
import type { Source } from './readSource';
import { findShared } from './sharedParts';
import type { Work } from './work';

interface Sourced extends EditedCodes {
  readonly source: Source;
}

/** Draws batches of a job's faces, and looks at what their composition needs to know of them. */
export function createFaceDrawer(work: Work, faces: FaceFinder, reader: PartsReader) {
  const { operation, parameters, model, networks, signal } = work;
  const { composition } = operation.declaration;
  const compare = createComparison(faces, reader, decode);

  return async (batch: readonly Sourced[]): Promise<DrawnFace[]> => {
    const images = await decode(batch.map(({ codes }) => codes));
    if (composition === 'change') {
      const edits = batch.map(({ source, ...codes }, i) => ({
        ...codes,
        image: images[i]!,
        ...askedOf(source.placement),
      }));
      return compare(edits, operation, parameters, signal);
    }
    const eyes = composition === 'fill' ? await findEyes(images, reader, signal) : null;
    const photographs = batch.map(({ source }) => source.placement.photograph);
    const shared =
      composition === 'band' ? await findShared(photographs, images, reader, signal) : null;
    const said = saidOf(operation, parameters);
    return images.map((edited, i) => ({
      ...drawnAlone(edited),
      ...said,
      eyes: eyes?.[i] ?? null,
      shared: shared?.[i] ?? null,
    }));
  };

  async function decode(codes: readonly Latents[]): Promise<FacePlanes[]> {
    const drawn = await networks.decode(codes, signal);
    return drawn.map((values) => ({ size: model.resolution, rgb: toUnit(values) }));
  }
}

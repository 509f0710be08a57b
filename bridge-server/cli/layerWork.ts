import { choosePlaces, readPlaces } from '../../capture/capture';
import type { ChosenFace } from '../../capture/chooseFaces';
import { isPspError, PspError } from '../../protocol/errors';
import { transformFace, type Face } from '../../protocol/face';
import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import { completeParameters } from '../../protocol/parameter';
import type { Mask } from '../../protocol/raster';
import type { LayerTarget } from '../documents/chooseTargets';
import type { LayerResult, PsdFile } from '../documents/psdFile';
import type { OperationResult } from '../processor/job';
import { placingValues } from '../operations/parameters';
import type { Processor, RunOptions } from '../processor/processor';
import { runToEnd } from '../processor/runToEnd';
import { captureOrder, requireMaskSize, type Application } from './application';

/** Faces are looked for in a copy with sides up to this; smaller layers are read as they are. */
const searchSide = 4096;

/** A layer that is worked on: its faces in the document's pixels, or `null` for the whole layer. */
export interface LayerWork {
  readonly name: string;
  readonly target: LayerTarget;
  readonly faces: readonly ChosenFace[] | null;
}

/** Chosen layers that gave nothing, and why, as long as others did. */
export type PassedOver = { readonly layer: string; readonly error: PspError }[];

/**
 * Faces are found in a small copy of every chosen layer, before any is worked on.
 * @throws PspError what the only layer failed with, or the first where all did
 */
export async function findLayerWork(
  processor: Processor,
  psd: PsdFile,
  layerChoice: string,
  application: Application,
  signal: AbortSignal,
): Promise<{ readonly work: readonly LayerWork[]; readonly passedOver: PassedOver }> {
  requireSameSpace(application);
  requireMaskSize(application, psd.document.header, 'document');
  const passedOver: PassedOver = [];
  const work = await passing(psd.targets(layerChoice), passedOver, async (target) => {
    const { name } = target;
    const findFaces = async (): Promise<readonly Face[]> => {
      const { raster, scale } = await psd.readShrunk(target, searchSide);
      const found = await processor.findFaces(raster, { documentScale: scale, signal });
      const corner = { x: target.bounds.left, y: target.bounds.top };
      return found.map((face) => transformFace(face, scale, corner));
    };
    const order = captureOrder(application);
    const faces = await choosePlaces({ where: `the layer "${name}"`, findFaces }, order);
    return { name, target, faces };
  });
  return { work, passedOver };
}

/** One job per layer; only the rectangles of its faces are read at full resolution. */
export async function runLayerWork(
  processor: Processor,
  psd: PsdFile,
  work: readonly LayerWork[],
  application: Application,
  passedOver: PassedOver,
  options: RunOptions,
): Promise<readonly (LayerResult & Pick<OperationResult, 'timings'>)[]> {
  const { operation, model, parameters, latents, mask } = application;
  return passing(work, passedOver, async ({ name, target, faces }) => {
    const source = {
      where: `the layer "${name}"`,
      bounds: target.bounds,
      readPixels: (bounds: Bounds) => psd.readRegion(target, bounds),
      readSelection: async (bounds: Bounds) => mask && cropDocumentMask(mask, bounds),
    };
    const read = await readPlaces(source, captureOrder(application), faces);
    const regions = read.map((region) => ({ ...region, latents }));
    const job = { operation: operation.id, model, parameters, regions };
    return { target, ...(await runToEnd(processor, job, options)) };
  });
}

/** A document's other layers are worked on although one shows no face, or no usable one. */
const passable: ReadonlySet<string> = new Set(['NO_FACE', 'FACE_TOO_SMALL', 'FACE_TURNED_AWAY']);

async function passing<Layer extends { readonly name: string }, Result>(
  layers: readonly Layer[],
  passedOver: PassedOver,
  work: (layer: Layer) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const layer of layers) {
    try {
      results.push(await work(layer));
    } catch (error) {
      if (!isPspError(error) || !passable.has(error.code)) throw error;
      passedOver.push({ layer: layer.name, error });
    }
  }
  if (results.length === 0) throw passedOver[0]!.error;
  return results;
}

/** Results that are documents of their own have no place in a layered file. */
function requireSameSpace({ operation, parameters }: Application): void {
  const { size } = placingValues(completeParameters(operation, parameters));
  if (size === undefined || size === 'in-place') return;
  throw new PspError(
    'BAD_INPUT',
    `--size ${size} makes a new document, and a PSD keeps its own size. Use --size in-place, or a picture file as the input.`,
  );
}

/** The document's mask under a region; layers may reach beyond the canvas, where nothing is selected. */
function cropDocumentMask(mask: Mask, bounds: Bounds): Mask {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const data = new Uint8Array(width * height);
  const left = Math.max(0, bounds.left);
  const right = Math.min(mask.width, bounds.right);
  const bottom = Math.min(mask.height, bounds.bottom);
  for (let y = Math.max(0, bounds.top); y < bottom && left < right; y += 1) {
    const row = mask.data.subarray(y * mask.width + left, y * mask.width + right);
    data.set(row, (y - bounds.top) * width + left - bounds.left);
  }
  return { width, height, data };
}

import { isPspError, PspError } from '../../protocol/errors';
import { faceRegion, transformFace, type Face } from '../../protocol/face';
import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import type { Mask } from '../../protocol/raster';
import type { Region } from '../../protocol/job';
import { completeParameters } from '../../protocol/parameter';
import type { LayerTarget } from '../documents/chooseTargets';
import type { LayerResult, PsdFile } from '../documents/psdFile';
import { chooseFaces, type ChosenFace } from '../faces';
import { regionHole } from '../operations/hole';
import type { OperationResult } from '../operations/job';
import { placingValues } from '../operations/parameters';
import type { Processor, RunOptions } from '../operations/processor';
import { runToEnd } from '../operations/runToEnd';
import { operations } from '../operations/registry';
import type { Application } from './applyToRaster';

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
  requireMaskSize(psd, application.mask);
  const { input } = operations.find(application.operation).declaration;
  const whole = input === 'sketch' || input === 'label-map' || application.wholeLayer;
  const passedOver: PassedOver = [];
  const work = await passing(psd.targets(layerChoice), passedOver, async (target) => {
    const { name } = target;
    if (whole) return { name, target, faces: null };
    const { raster, scale } = await psd.readShrunk(target, searchSide);
    const found = await processor.findFaces(raster, { documentScale: scale, signal });
    const offset = { x: target.bounds.left, y: target.bounds.top };
    const chosen = chooseFaces(found, application.faces, `the layer "${name}"`);
    const place = ({ face, faceNumber }: ChosenFace): ChosenFace => ({
      face: transformFace(face, scale, offset),
      faceNumber,
    });
    return { name, target, faces: chosen.map(place) };
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
  const { mask: readsMask } = operations.find(operation).declaration;
  return passing(work, passedOver, async ({ target, faces }) => {
    const read = async (bounds: Bounds, face: Face | null, faceNumber: number | null) => {
      const pixels = await psd.readRegion(target, bounds);
      const given = mask && cropDocumentMask(mask, bounds);
      const hole = face && readsMask === 'required' ? regionHole(pixels, given) : null;
      return { bounds, pixels, face, faceNumber, hole, latents };
    };
    const regions: Region[] = [];
    if (!faces) regions.push(await read(target.bounds, null, null));
    for (const { face, faceNumber } of faces ?? []) {
      regions.push(await read(faceRegion(face, target.bounds), face, faceNumber));
    }
    const result = await runToEnd(processor, { operation, model, parameters, regions }, options);
    return { target, ...result };
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
  const { declaration } = operations.find(operation);
  const { size } = placingValues(completeParameters(declaration, parameters));
  if (size === undefined || size === 'in-place') return;
  throw new PspError(
    'BAD_INPUT',
    `--size ${size} makes a new document, and a PSD keeps its own size. Use --size in-place, or a picture file as the input.`,
  );
}

function requireMaskSize({ document }: PsdFile, mask: Mask | null): void {
  const { width, height } = document.header;
  if (!mask || (mask.width === width && mask.height === height)) return;
  throw new PspError(
    'BAD_INPUT',
    `The mask is ${mask.width} × ${mask.height} pixels and the document ${width} × ${height}. Give a mask of the document's size.`,
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

import { isPspError, PspError } from '../../protocol/errors';
import { faceRegion, transformFace, type Face } from '../../protocol/face';
import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import type { Mask } from '../../protocol/raster';
import type { Region } from '../../protocol/job';
import { completeParameters } from '../../protocol/parameter';
import type { LayerTarget } from '../documents/chooseTargets';
import type { LayerResult, PsdFile } from '../documents/psdFile';
import { chooseFaces } from '../faces';
import { regionHole } from '../operations/hole';
import type { OperationResult } from '../operations/job';
import { placingValues } from '../operations/parameters';
import type { Processor, RunOptions } from '../operations/processor';
import { operations } from '../operations/registry';
import type { Application } from './applyToRaster';

/** Faces are looked for in a copy with sides up to this; smaller layers are read as they are. */
const searchSide = 4096;

export interface PsdApplication {
  readonly results: readonly LayerResult[];
  readonly timings: OperationResult['timings'];
  /** Why chosen layers gave nothing, as long as others did. */
  readonly passedOver: readonly { readonly layer: string; readonly reason: string }[];
}

/**
 * One operation on the chosen layers of a document, one job per layer: faces found in a small copy,
 * only their rectangles read at full resolution.
 * @throws PspError what the only layer failed with, or the first where all did
 */
export async function applyToPsd(
  processor: Processor,
  psd: PsdFile,
  layerChoice: string,
  application: Application,
  options: RunOptions,
): Promise<PsdApplication> {
  requireSameSpace(application);
  requireMaskSize(psd, application.mask);
  const results: LayerResult[] = [];
  const timings: OperationResult['timings'][number][] = [];
  const passedOver: { layer: string; reason: string }[] = [];
  const failures: unknown[] = [];
  for (const target of psd.targets(layerChoice)) {
    try {
      const result = await applyToLayer(processor, psd, target, application, options);
      results.push({ target, patches: result.patches });
      timings.push(...result.timings);
    } catch (error) {
      if (!isPspError(error) || !passable.has(error.code)) throw error;
      failures.push(error);
      passedOver.push({ layer: target.name, reason: error.message });
    }
  }
  if (results.length === 0) throw failures[0];
  return { results, timings, passedOver };
}

/** A document's other layers are worked on although one shows no face, or no usable one. */
const passable: ReadonlySet<string> = new Set(['NO_FACE', 'FACE_TOO_SMALL', 'FACE_TURNED_AWAY']);

async function applyToLayer(
  processor: Processor,
  psd: PsdFile,
  target: LayerTarget,
  application: Application,
  options: RunOptions,
): Promise<OperationResult> {
  const { operation, model, parameters, latents, mask } = application;
  const { input, mask: readsMask } = operations.find(operation).declaration;
  const read = async (bounds: Bounds, face: Face | null, faceNumber: number | null) => {
    const pixels = await psd.readRegion(target, bounds);
    const given = mask && cropDocumentMask(mask, bounds);
    const hole = face && readsMask === 'required' ? regionHole(pixels, given) : null;
    return { bounds, pixels, face, faceNumber, hole, latents };
  };
  const whole = input === 'sketch' || input === 'label-map' || application.wholeLayer;
  const regions: Region[] = [];
  if (whole) {
    regions.push(await read(target.bounds, null, null));
  } else {
    const { raster, scale } = await psd.readShrunk(target, searchSide);
    const { signal } = options;
    const found = await processor.findFaces(raster, { documentScale: scale, signal });
    const offset = { x: target.bounds.left, y: target.bounds.top };
    const where = `the layer "${target.name}"`;
    for (const { face, faceNumber } of chooseFaces(found, application.faces, where)) {
      const placed = transformFace(face, scale, offset);
      regions.push(await read(faceRegion(placed, target.bounds), placed, faceNumber));
    }
  }
  return processor.run({ operation, model, parameters, regions }, options);
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

import { faceRegion, type FaceChoice } from '../../protocol/face';
import type { Mask, Raster } from '../../protocol/raster';
import type { Job, Region } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';
import type { ParameterValues } from '../../protocol/parameter';
import { chooseFaces } from '../faces';
import { cropMask, cropRaster } from '../image/cropRaster';
import { regionHole } from '../operations/hole';
import type { OperationResult } from '../operations/job';
import type { Processor, RunOptions } from '../operations/processor';
import { runToEnd } from '../operations/runToEnd';
import { operations } from '../operations/registry';

export interface Application {
  readonly operation: string;
  readonly model: string | null;
  readonly faces: FaceChoice;
  readonly parameters: ParameterValues;
  readonly mask: Mask | null;
  readonly latents: Latents | null;
  /** True works on the whole layer also where a face could be looked for. */
  readonly wholeLayer: boolean;
}

export const applyToRaster = async (
  processor: Processor,
  pixels: Raster,
  application: Application,
  options: RunOptions,
): Promise<OperationResult> =>
  runToEnd(processor, await rasterJob(processor, pixels, application, options.signal), options);

/** One operation on one picture as one job: its faces found, each rectangle cut out. */
export async function rasterJob(
  processor: Processor,
  pixels: Raster,
  application: Application,
  signal: AbortSignal,
): Promise<Job> {
  const { operation, model, parameters, latents } = application;
  const { input, mask: readsMask } = operations.find(operation).declaration;
  // A mask of another size is refused before any work is done.
  const hole = readsMask === 'required' ? regionHole(pixels, application.mask) : null;
  const bounds = { left: 0, top: 0, right: pixels.width, bottom: pixels.height };

  const whole = input === 'sketch' || input === 'label-map' || application.wholeLayer;
  if (whole) {
    const region = { bounds, pixels, face: null, faceNumber: null, hole: null, latents };
    return { operation, model, parameters, regions: [region] };
  }

  const found = await processor.findFaces(pixels, { signal });
  const regions = chooseFaces(found, application.faces).map(({ face, faceNumber }): Region => {
    const region = faceRegion(face, bounds);
    return {
      bounds: region,
      pixels: cropRaster(pixels, region),
      face,
      faceNumber,
      hole: hole && cropMask(hole, region),
      latents,
    };
  });
  return { operation, model, parameters, regions };
}

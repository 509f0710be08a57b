import { capture } from '../../capture/capture';
import type { Bounds } from '../../protocol/geometry';
import type { Job } from '../../protocol/job';
import type { Raster } from '../../protocol/raster';
import { cropMask, cropRaster } from '../image/cropRaster';
import type { OperationResult } from '../processor/job';
import type { Processor, RunOptions } from '../processor/processor';
import { runToEnd } from '../processor/runToEnd';
import { captureOrder, requireMaskSize, type Application } from './application';

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
  requireMaskSize(application, pixels, 'picture');
  const { operation, model, parameters, latents, mask } = application;
  const source = {
    where: 'the picture',
    bounds: { left: 0, top: 0, right: pixels.width, bottom: pixels.height },
    findFaces: () => processor.findFaces(pixels, { signal }),
    readPixels: async (bounds: Bounds) => cropRaster(pixels, bounds),
    readSelection: async (bounds: Bounds) => mask && cropMask(mask, bounds),
  };
  const regions = await capture(source, captureOrder(application));
  return {
    operation: operation.id,
    model,
    parameters,
    regions: regions.map((region) => ({ ...region, latents })),
  };
}

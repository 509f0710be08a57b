import { PspError } from '../../protocol/errors';
import { boundsHeight, boundsWidth } from '../../protocol/geometry';
import type { Limits } from '../../protocol/limits';
import type { Mask, Raster } from '../../protocol/raster';
import type { Job, JobMessage, Region, RegionMessage } from '../../protocol/job';
import { decodeNpy } from '../../protocol/latents';
import type { ParameterValues } from '../../protocol/parameter';
import {
  maskBytes,
  maskFrom,
  pixelsBytes,
  rasterBytes,
  rasterFrom,
  type Blob,
  type MaskHeader,
  type PixelsHeader,
} from '../../protocol/payload';

/** Waits for one announced payload. */
export type Receive = (stream: number, bytes: number) => Promise<Uint8Array<ArrayBuffer>>;

/** W+ codes of a 1024-pixel generator are 36 KB; nothing sane is near this. */
const maxLatentsBytes = 1024 * 1024;

/** The streams that a job announces. */
export function streamsOf(regions: readonly RegionMessage[]): number[] {
  return regions.flatMap(({ pixels, hole, latents }) => [
    pixels.stream,
    ...(hole ? [hole.stream] : []),
    ...(latents ? [latents.stream] : []),
  ]);
}

/**
 * Checks what a job announces and sums its payloads up.
 * @throws PspError BAD_INPUT, TOO_LARGE
 */
export function measureRegions(regions: readonly RegionMessage[], limits: Limits): number {
  if (regions.length < 1 || regions.length > limits.regionsPerJob) {
    throw new PspError(
      regions.length < 1 ? 'BAD_INPUT' : 'TOO_LARGE',
      `A job has 1 to ${limits.regionsPerJob} regions, not ${regions.length}.`,
    );
  }
  return regions.reduce((sum, region) => sum + measureRegion(region, limits), 0);
}

function measureRegion(region: RegionMessage, limits: Limits): number {
  const { bounds, pixels, hole, latents } = region;
  if (boundsWidth(bounds) !== pixels.width || boundsHeight(bounds) !== pixels.height) {
    throw new PspError(
      'BAD_INPUT',
      `A region's bounds are ${boundsWidth(bounds)} × ${boundsHeight(bounds)}, its pixels ${pixels.width} × ${pixels.height}: they must agree.`,
    );
  }
  checkPixels(pixels, limits.regionPixels);
  if (latents) checkLatentsFile(latents);
  const holeBytes = hole ? checkedMaskBytes(hole, pixels) : 0;
  return pixelsBytes(pixels) + holeBytes + (latents?.bytes ?? 0);
}

/** @throws PspError TOO_LARGE */
export function checkLatentsFile({ bytes }: Blob): void {
  if (bytes <= maxLatentsBytes) return;
  throw new PspError('TOO_LARGE', `A file of latents is at most ${maxLatentsBytes} bytes long.`);
}

/** @throws PspError TOO_LARGE */
export function checkPixels({ width, height }: PixelsHeader, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  throw new PspError(
    'TOO_LARGE',
    `${width} × ${height} pixels are more than the ${Math.floor(maxPixels / 1e6)} million taken at once. Choose a smaller part of the layer.`,
  );
}

/** In memory. @throws PspError BAD_INPUT where its runs would take more */
function checkedMaskBytes({ runs = 0 }: MaskHeader, { width, height }: PixelsHeader): number {
  if (runs <= width * height) return width * height;
  throw new PspError(
    'BAD_INPUT',
    `The runs of a mask of ${width} × ${height} pixels have ${runs} bytes: send it as it is.`,
  );
}

/** Waits for a job's payloads and puts it together. */
export async function receiveJob(
  { job, priority, ...announced }: JobMessage,
  parameters: ParameterValues,
  receive: Receive,
): Promise<Job> {
  const regions = await Promise.all(
    announced.regions.map((region) => receiveRegion(region, receive)),
  );
  return { ...announced, parameters, regions };
}

async function receiveRegion(region: RegionMessage, receive: Receive): Promise<Region> {
  const { hole, latents } = region;
  const [pixels, mask, npy] = await Promise.all([
    receiveRaster(region.pixels, receive),
    hole && receiveMask(hole, region.pixels, receive),
    latents && receive(latents.stream, latents.bytes),
  ]);
  return {
    ...region,
    pixels,
    hole: mask,
    latents: npy && decodeNpy(npy),
  };
}

/** Waits for announced pixels. */
export const receiveRaster = async (header: PixelsHeader, receive: Receive): Promise<Raster> =>
  rasterFrom(header, await receive(header.stream, rasterBytes(header)));

const receiveMask = async (
  header: MaskHeader,
  pixels: PixelsHeader,
  receive: Receive,
): Promise<Mask> =>
  maskFrom(header, pixels, await receive(header.stream, maskBytes(header, pixels)));

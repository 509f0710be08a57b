import type { JobMessage, Patch, PatchMessage, Region, RegionMessage } from '../../protocol/job';
import { encodeNpy } from '../../protocol/latents';
import type { Result } from '../../protocol/methods';
import {
  announceRaster,
  pixelsBytes,
  rasterFrom,
  rasterPayload,
  type PixelsHeader,
} from '../../protocol/payload';
import type { Raster } from '../../protocol/raster';
import type { RunRequest } from './bridge';
import type { Announced, Delivery, Outgoing } from './bridgeClientChannel';

export interface Packed<T> {
  readonly message: T;
  readonly payloads: readonly Outgoing[];
}

export const packRaster = (raster: Raster, stream: number): Packed<PixelsHeader> => ({
  message: announceRaster(raster, stream),
  payloads: [{ stream, bytes: rasterPayload(raster) }],
});

export function packRun(
  job: string,
  request: RunRequest,
  nextStream: () => number,
): Packed<JobMessage> {
  const packed = request.regions.map((region) => packRegion(region, nextStream));
  const regions = packed.map(({ message }) => message);
  return {
    message: { ...request, job, regions },
    payloads: packed.flatMap(({ payloads }) => payloads),
  };
}

function packRegion(region: Region, nextStream: () => number): Packed<RegionMessage> {
  const pixels = packRaster(region.pixels, nextStream());
  const hole = region.hole && { stream: nextStream(), bytes: region.hole.data };
  const latents = region.latents && { stream: nextStream(), bytes: encodeNpy(region.latents) };
  return {
    message: {
      ...region,
      pixels: pixels.message,
      hole: hole && { stream: hole.stream },
      latents: latents && { stream: latents.stream, bytes: latents.bytes.length },
    },
    payloads: [...pixels.payloads, ...(hole ? [hole] : []), ...(latents ? [latents] : [])],
  };
}

/** The payloads that follow the answer to `fetch`. */
export const announcedByFetch = ({ patches }: Result<'fetch'>): Announced[] =>
  patches.flatMap(announcedByPatch);

export const announcedByPatch = ({ pixels, mask }: PatchMessage): Announced[] => [
  { stream: pixels.stream, bytes: pixelsBytes(pixels) },
  { stream: mask.stream, bytes: pixels.width * pixels.height },
];

export function unpackPatch(
  patch: PatchMessage,
  { payload }: Pick<Delivery<'fetch' | 'place'>, 'payload'>,
): Patch {
  const { width, height, stream } = patch.pixels;
  return {
    ...patch,
    pixels: rasterFrom(patch.pixels, payload(stream)),
    mask: { width, height, data: payload(patch.mask.stream) },
  };
}

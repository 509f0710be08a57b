import type { Params, PatchMessage, RegionMessage, Result } from '../../protocol/methods';
import { rasterDepth, type Raster } from '../../protocol/raster';
import { pixelsBytes, type PixelsHeader } from '../../protocol/shapes';
import type { RegionRequest, ResultPatch, RunRequest } from './bridge';
import type { Announced, Delivery, Outgoing } from './bridgeClientChannel';

export interface Packed<T> {
  readonly message: T;
  readonly payloads: readonly Outgoing[];
}

export function packRaster(raster: Raster, stream: number): Packed<PixelsHeader> {
  const { width, height, data } = raster;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    message: { width, height, depth: rasterDepth(raster), stream },
    payloads: [{ stream, bytes }],
  };
}

export function packRun(
  job: string,
  { operation, model, parameters, priority, regions }: RunRequest,
  nextStream: () => number,
): Packed<Params<'run'>> {
  const packed = regions.map((region) => packRegion(region, nextStream));
  return {
    message: {
      job,
      operation,
      model,
      parameters,
      priority,
      regions: packed.map(({ message }) => message),
    },
    payloads: packed.flatMap(({ payloads }) => payloads),
  };
}

function packRegion(region: RegionRequest, nextStream: () => number): Packed<RegionMessage> {
  const { bounds, face, faceNumber, hole, latents } = region;
  const pixels = packRaster(region.pixels, nextStream());
  const holePayload = hole && { stream: nextStream(), bytes: hole.data };
  const latentsPayload = latents && { stream: nextStream(), bytes: latents };
  return {
    message: {
      bounds,
      pixels: pixels.message,
      face,
      faceNumber,
      hole: holePayload && { stream: holePayload.stream },
      latents: latentsPayload && {
        stream: latentsPayload.stream,
        bytes: latentsPayload.bytes.length,
      },
    },
    payloads: [
      ...pixels.payloads,
      ...(holePayload ? [holePayload] : []),
      ...(latentsPayload ? [latentsPayload] : []),
    ],
  };
}

/** The payloads that follow the answer to `fetch`. */
export function announcedByFetch({ patches }: Result<'fetch'>): Announced[] {
  return patches.flatMap(({ pixels, mask }) => [
    { stream: pixels.stream, bytes: pixelsBytes(pixels) },
    { stream: mask.stream, bytes: pixels.width * pixels.height },
  ]);
}

export function unpackPatch(patch: PatchMessage, { payload }: Delivery<'fetch'>): ResultPatch {
  const { width, height, depth, stream } = patch.pixels;
  const bytes = payload(stream);
  return {
    ...patch,
    pixels: { width, height, data: depth === 8 ? bytes : new Uint16Array(bytes.buffer) },
    mask: { width, height, data: payload(patch.mask.stream) },
  };
}

import type { JobMessage, Patch, PatchMessage, Region, RegionMessage } from '../../../protocol/job';
import { encodeNpy } from '../../../protocol/latents';
import type { Result } from '../../../protocol/methods';
import {
  encodeMask,
  encodeRaster,
  layerBytes,
  layerFrom,
  maskBytes,
  rasterBytes,
  rasterFrom,
  type Blob,
  type PixelsHeader,
} from '../../../protocol/payload';
import type { Raster } from '../../../protocol/raster';
import type { RunRequest } from './bridge';
import type { Announced, BridgeChannel, Delivery, Outgoing } from './channel';

export interface Packed<T> {
  readonly message: T;
  readonly payloads: readonly Outgoing[];
}

export function packRaster(raster: Raster, channel: BridgeChannel): Packed<PixelsHeader> {
  const { header, payload } = encodeRaster(raster, channel.nextStream(), channel.isCompact);
  return { message: header, payloads: [payload] };
}

export function packRun(
  job: string,
  request: RunRequest,
  channel: BridgeChannel,
): Packed<JobMessage> {
  const packed = request.regions.map((region) => packRegion(region, channel));
  const regions = packed.map(({ message }) => message);
  return {
    message: { ...request, job, regions },
    payloads: packed.flatMap(({ payloads }) => payloads),
  };
}

function packRegion(region: Region, channel: BridgeChannel): Packed<RegionMessage> {
  const pixels = packRaster(region.pixels, channel);
  const hole = region.hole && encodeMask(region.hole, channel.nextStream(), channel.isCompact);
  const latents = region.latents && {
    stream: channel.nextStream(),
    bytes: encodeNpy(region.latents),
  };
  return {
    message: {
      ...region,
      pixels: pixels.message,
      hole: hole && hole.header,
      latents: latents && { stream: latents.stream, bytes: latents.bytes.length },
    },
    payloads: [...pixels.payloads, ...(hole ? [hole.payload] : []), ...(latents ? [latents] : [])],
  };
}

/** The payloads that follow the answer to `fetch`. */
export const announcedByFetch = ({ patches }: Result<'fetch'>): Announced[] =>
  patches.flatMap(announcedByPatch);

export const announcedByPatch = ({ pixels, mask }: PatchMessage): Announced[] => [
  { stream: pixels.stream, bytes: layerBytes(pixels) },
  { stream: mask.stream, bytes: maskBytes(mask, pixels) },
];

export const unpackPatch = (
  patch: PatchMessage,
  { payload }: Pick<Delivery<'fetch' | 'place'>, 'payload'>,
): Patch => ({ ...patch, ...layerFrom(patch, payload) });

/** A picture file as it is: its own numbers, upright, and what it says of itself. */
export interface OpenedPicture {
  /** RGB in `profile`, straight alpha. */
  readonly pixels: Raster;
  readonly profile: Uint8Array;
  /** As PSD files carry it. */
  readonly metadata: {
    readonly pixelsPerInch: number | null;
    readonly exif: Uint8Array | null;
    readonly iptc: Uint8Array | null;
    readonly xmp: Uint8Array | null;
    readonly copyrighted: boolean;
  };
}

export const announcedByPicture = ({
  pixels,
  profile,
  exif,
  iptc,
  xmp,
}: Result<'open-picture'>): Announced[] => [
  { stream: pixels.stream, bytes: rasterBytes(pixels) },
  ...[profile, exif, iptc, xmp].filter((blob) => blob !== null),
];

export function unpackPicture({ result, payload }: Delivery<'open-picture'>): OpenedPicture {
  const { pixels, profile, exif, iptc, xmp, pixelsPerInch, copyrighted } = result;
  const take = (blob: Blob | null): Uint8Array | null => blob && payload(blob.stream);
  return {
    pixels: rasterFrom(pixels, payload(pixels.stream)),
    profile: payload(profile.stream),
    metadata: {
      ...{ pixelsPerInch, copyrighted },
      ...{ exif: take(exif), iptc: take(iptc), xmp: take(xmp) },
    },
  };
}

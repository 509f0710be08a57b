import { integer, object, oneOf, type Infer } from './decode';
import { rasterDepth, type Raster } from './raster';

/** Documents reach 300,000 pixels (PSB). */
const side = integer(1, 300_000);

/** The number that the chunks of an announced payload bear; counted up by their sender from 1. */
export const streamId = integer(1, 0xffffffff);

/** Announces a payload of which only the length is known. */
export const blob = object({ stream: streamId, bytes: integer(1, 0xffffffff) });
export type Blob = Infer<typeof blob>;

/** Announces RGBA interleaved, sRGB, straight alpha, 0..255 or 0..65535 little-endian. */
export const pixels = object({ width: side, height: side, depth: oneOf(8, 16), stream: streamId });
export type PixelsHeader = Infer<typeof pixels>;

/** Announces one channel of 0..255, of the same size as the pixels beside it. */
export const mask = object({ stream: streamId });

export const pixelsBytes = (header: Pick<PixelsHeader, 'width' | 'height' | 'depth'>): number =>
  header.width * header.height * 4 * (header.depth / 8);

export const announceRaster = (raster: Raster, stream: number): PixelsHeader => ({
  width: raster.width,
  height: raster.height,
  depth: rasterDepth(raster),
  stream,
});

/** A view of the raster's own memory; 16-bit values little-endian, as every machine is that runs this. */
export const rasterPayload = ({ data }: Raster): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** The raster whose payload has arrived; it keeps `bytes`. */
export const rasterFrom = (
  { width, height, depth }: PixelsHeader,
  bytes: Uint8Array<ArrayBuffer>,
): Raster => ({ width, height, data: depth === 8 ? bytes : new Uint16Array(bytes.buffer) });

import { boolean, integer, object, oneOf, unsaid, type Infer } from './decode';
import { PspError } from './errors';
import { decodeRuns, encodeRuns } from './maskRuns';
import { withAlpha, withoutAlpha } from './opaque';
import { withHidden, withoutHidden } from './shownPixels';
import { rasterDepth, type Mask, type Raster } from './raster';

/** Documents reach 300,000 pixels (PSB). */
const side = integer(1, 300_000);

/** The number that the chunks of an announced payload bear; counted up by their sender from 1. */
export const streamId = integer(1, 0xffffffff);

/** Announces a payload of which only the length is known. */
export const blob = object({ stream: streamId, bytes: integer(1, 0xffffffff) });
export type Blob = Infer<typeof blob>;

const pixelsFields = {
  width: side,
  height: side,
  depth: oneOf(8, 16),
  stream: streamId,
  /** Without their alpha, RGB of 8 bit; only to who said in its greeting that it reads what is compact. */
  opaque: unsaid(boolean),
};

/** Announces RGBA interleaved, sRGB, straight alpha, 0..255 or 0..65535 little-endian. */
export const pixels = object(pixelsFields);
export type PixelsHeader = Infer<typeof pixels>;

/** Announces the pixels of a layer, beside its mask. */
export const layerPixels = object({
  ...pixelsFields,
  /** So many are not hidden and travel (`shownPixels.ts`); only to who said in its greeting that it reads that. */
  shown: unsaid(integer(1, 0xffffffff)),
});
export type LayerPixelsHeader = Infer<typeof layerPixels>;

/** Announces one channel of 0..255, of the same size as the pixels beside it. */
export const mask = object({
  stream: streamId,
  /** As runs (`maskRuns.ts`) of so many bytes; only to who said in its greeting that it reads what is compact. */
  runs: unsaid(integer(1, 0xffffffff)),
});
export type MaskHeader = Infer<typeof mask>;

/** In memory. */
export const pixelsBytes = ({ width, height, depth }: Omit<PixelsHeader, 'stream'>): number =>
  width * height * 4 * (depth / 8);

/** As they travel. */
export const rasterBytes = (header: PixelsHeader): number =>
  header.opaque ? header.width * header.height * 3 : pixelsBytes(header);

/** The same of a mask beside pixels of that size. */
export const maskBytes = ({ runs }: MaskHeader, { width, height }: Size): number =>
  runs ?? width * height;

/** The same of a layer's pixels. */
export const layerBytes = (header: LayerPixelsHeader): number => rasterBytes(travelling(header));

/** What is shown travels like a picture of one row. */
const travelling = (header: LayerPixelsHeader): PixelsHeader =>
  header.shown === undefined ? header : { ...header, width: header.shown, height: 1 };

type Size = Pick<Raster, 'width' | 'height'>;

/** A payload, and what announces it. */
interface Encoded<Header> {
  readonly header: Header;
  readonly payload: { readonly stream: number; readonly bytes: Uint8Array };
}

/**
 * @param isCompact whether the peer reads that
 * @returns a view of the raster's own memory where it is sent as it is; 16-bit values little-endian, as every machine
 *   is that runs this
 */
export function encodeRaster(
  raster: Raster,
  stream: number,
  isCompact: boolean,
): Encoded<PixelsHeader> {
  const { width, height, data } = raster;
  const rgb = isCompact && data instanceof Uint8Array ? withoutAlpha(data) : null;
  const bytes = rgb ?? new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const depth = rasterDepth(raster);
  const header = { width, height, depth, stream, opaque: rgb ? true : undefined } as const;
  return { header, payload: { stream, bytes } };
}

export function encodeMask(
  { width, data }: Mask,
  stream: number,
  isCompact: boolean,
): Encoded<MaskHeader> {
  const runs = isCompact ? encodeRuns(data, width) : null;
  return { header: { stream, runs: runs?.length }, payload: { stream, bytes: runs ?? data } };
}

interface Layer {
  readonly pixels: Raster;
  readonly mask: Mask;
}

/** Who is sent a layer: what it reads, and the numbers of its streams. */
interface LayerReader {
  readonly isCompact: boolean;
  /** Whether it reads pixels without those that are hidden. */
  readonly isSparse: boolean;
  nextStream(): number;
}

/** Pixels and mask, each under a stream of its own. */
export function encodeLayer(
  { pixels, mask }: Layer,
  reader: LayerReader,
): { readonly pixels: Encoded<LayerPixelsHeader>; readonly mask: Encoded<MaskHeader> } {
  const { width, height } = pixels;
  const data = reader.isSparse ? withoutHidden(pixels.data, mask.data) : null;
  const sent = data ? { width: data.length / 4, height: 1, data } : pixels;
  const { header, payload } = encodeRaster(sent, reader.nextStream(), reader.isCompact);
  const shown = data ? sent.width : undefined;
  return {
    pixels: { header: { ...header, width, height, shown }, payload },
    mask: encodeMask(mask, reader.nextStream(), reader.isCompact),
  };
}

/** The raster whose payload has arrived; it keeps `bytes`. @throws PspError BAD_MESSAGE */
export function rasterFrom(
  { width, height, depth, opaque }: PixelsHeader,
  bytes: Uint8Array<ArrayBuffer>,
): Raster {
  if (depth === 8) return { width, height, data: opaque ? withAlpha(bytes) : bytes };
  if (opaque) throw new PspError('BAD_MESSAGE', 'Pixels of 16 bit are sent with their alpha.');
  return { width, height, data: new Uint16Array(bytes.buffer) };
}

/** The same of a mask beside pixels of that size. @throws PspError BAD_MESSAGE */
export const maskFrom = (
  { runs }: MaskHeader,
  { width, height }: Size,
  bytes: Uint8Array<ArrayBuffer>,
): Mask => ({
  width,
  height,
  data: runs === undefined ? bytes : decodeRuns(bytes, width, width * height),
});

/** A layer whose payloads have arrived; it keeps their bytes. @throws PspError BAD_MESSAGE */
export function layerFrom(
  headers: { readonly pixels: LayerPixelsHeader; readonly mask: MaskHeader },
  payload: (stream: number) => Uint8Array<ArrayBuffer>,
): Layer {
  const { width, height, shown, stream } = headers.pixels;
  const mask = maskFrom(headers.mask, headers.pixels, payload(headers.mask.stream));
  const sent = rasterFrom(travelling(headers.pixels), payload(stream));
  if (shown === undefined) return { pixels: sent, mask };
  return { pixels: { width, height, data: withHidden(sent.data, mask.data) }, mask };
}

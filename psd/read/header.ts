import type { ByteReader } from './byteReader';
import { readAscii } from './byteReader';
import type { ByteWriter } from '../bytes';
import type { ColorMode, Depth, PsdHeader } from '../document';
import { damaged, PsdError } from '../errors';
import type { SampleDepth } from '../samples';

export const HEADER_BYTES = 26;
/** Photoshop's own limits of a side, from the file format specification. */
export const MAX_SIDE = { psd: 30_000, psb: 300_000 } as const;
const MAX_CHANNELS = 56;

const colorModes: ReadonlyMap<number, ColorMode> = new Map([
  [0, 'bitmap'],
  [1, 'greyscale'],
  [2, 'indexed'],
  [3, 'rgb'],
  [4, 'cmyk'],
  [7, 'multichannel'],
  [8, 'duotone'],
  [9, 'lab'],
]);

export async function readHeader(reader: ByteReader): Promise<PsdHeader> {
  if (reader.remaining < HEADER_BYTES) throw notPsd();
  const view = await reader.take(HEADER_BYTES, 'the header');
  const version = view.getUint16(4);
  if (readAscii(view, 0, 4) !== '8BPS') throw notPsd();
  if (version !== 1 && version !== 2) {
    throw new PsdError(
      'NOT_PSD',
      `The file says it is version ${version} of the Photoshop format. Versions 1 (PSD) and 2 (PSB) exist.`,
    );
  }
  const large = version === 2;
  const channelCount = view.getUint16(12);
  const height = view.getUint32(14);
  const width = view.getUint32(18);
  const depth = view.getUint16(22);
  const colorMode = colorModes.get(view.getUint16(24));
  const maxSide = large ? MAX_SIDE.psb : MAX_SIDE.psd;
  if (width < 1 || height < 1 || width > maxSide || height > maxSide) {
    throw damaged(`its size is ${width} × ${height}, sides may have 1 to ${maxSide} pixels`);
  }
  if (channelCount < 1 || channelCount > MAX_CHANNELS) {
    throw damaged(`it names ${channelCount} channels, 1 to ${MAX_CHANNELS} are allowed`);
  }
  if (!isDepth(depth)) throw damaged(`its depth is ${depth} bits, 1, 8, 16 and 32 exist`);
  if (!colorMode) throw damaged(`its colour mode is the unknown number ${view.getUint16(24)}`);
  return { large, channelCount, width, height, depth, colorMode };
}

export function writeHeader(writer: ByteWriter, header: PsdHeader): void {
  const mode = [...colorModes].find(([, name]) => name === header.colorMode)?.[0] ?? 3;
  writer
    .ascii('8BPS')
    .uint16(header.large ? 2 : 1)
    .zeros(6)
    .uint16(header.channelCount)
    .uint32(header.height)
    .uint32(header.width)
    .uint16(header.depth)
    .uint16(mode);
}

const isDepth = (depth: number): depth is Depth => [1, 8, 16, 32].includes(depth);

const notPsd = (): PsdError =>
  new PsdError('NOT_PSD', 'This is not a PSD or PSB file: it does not start with "8BPS".');

/** The channels of colour, without transparency: what this folder reads and writes pixels of. */
export const colorChannels = (header: PsdHeader): number =>
  header.colorMode === 'greyscale' ? 1 : 3;

/** A document whose pixels are handled. */
export type PixelHeader = PsdHeader & {
  readonly depth: SampleDepth;
  readonly colorMode: 'rgb' | 'greyscale';
};

/** @throws PsdError UNSUPPORTED for a document whose pixels are not handled, in words. */
export function requirePixels(header: PsdHeader): asserts header is PixelHeader {
  const { colorMode, depth } = header;
  if (colorMode !== 'rgb' && colorMode !== 'greyscale') {
    throw new PsdError(
      'UNSUPPORTED',
      `The document is in ${modeName(colorMode)} mode; RGB and greyscale are handled. ` +
        'Convert it in its editor (Image › Mode › RGB Color) and run again on the copy.',
    );
  }
  if (depth === 1) throw damaged(`it is ${modeName(colorMode)} with 1 bit per channel`);
  if (header.channelCount < colorChannels(header)) {
    throw damaged(
      `it is ${modeName(colorMode)} with ${header.channelCount} of ${colorChannels(header)} channels`,
    );
  }
}

const modeName = (mode: ColorMode): string =>
  ({ rgb: 'RGB', cmyk: 'CMYK', lab: 'Lab' })[mode as string] ?? mode;

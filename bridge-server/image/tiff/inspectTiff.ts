import { PspError } from '../../../protocol/errors';
import { numbersOf, type TiffDirectory } from './readDirectories';
import { tag } from './tags';

/** Which page of a TIFF is the picture, and what its channels are. */
export interface TiffPicture {
  readonly page: number;
  /** Pages of its size: it, and others that are no previews of it. */
  readonly pages: number;
  readonly directory: TiffDirectory;
  /** Channels of colour: 1 of grey or a palette, 3 of RGB. */
  readonly colours: 1 | 3;
  /** The channel that is transparency; others beyond the colours are saved selections. */
  readonly alpha: number | null;
}

const photometric: Readonly<Record<number, string>> = {
  4: 'a transparency mask',
  5: 'CMYK',
  8: 'in the Lab colour mode',
  9: 'in the Lab colour mode',
  10: 'in the Lab colour mode',
  32803: 'raw sensor data',
  32844: 'in the LogL colour mode',
  32845: 'in the LogLuv colour mode',
  34892: 'raw sensor data',
};
const [yCbCr, oldJpeg, jpeg] = [6, 6, 7] as const;

/**
 * Chooses the page and refuses what would be read wrong.
 * @throws PspError BAD_INPUT naming what it is and what to do
 */
export function inspectTiff(file: string, directories: readonly TiffDirectory[]): TiffPicture {
  const { page, pages } = choosePage(directories);
  const directory = directories[page];
  if (!directory) {
    throw new PspError(
      'BAD_INPUT',
      `${file} shows only a reduced preview; its picture may be a camera's raw data. Develop it to a TIFF of RGB first.`,
    );
  }
  const one = (number: number, absent: number): number => numbersOf(directory, number)[0] ?? absent;
  const refuse = (what: string, advice: string): never => {
    throw new PspError('BAD_INPUT', `${file} is ${what}; ${advice}`);
  };
  const toRgb = 'faces are worked on in RGB. Convert it to RGB first.';
  const interpretation = one(tag.photometric, 1);
  const compression = one(tag.compression, 1);
  if (photometric[interpretation] !== undefined) refuse(photometric[interpretation], toRgb);
  if (interpretation > 3 && interpretation !== yCbCr) {
    refuse(`in a colour mode that is not known (${interpretation})`, toRgb);
  }
  if (compression === oldJpeg) {
    refuse('packed as the first TIFF standard packed JPEG', 'save it anew from another program.');
  }
  if (interpretation === yCbCr && compression !== jpeg) {
    refuse('in YCbCr colours without JPEG', toRgb);
  }
  const bits = numbersOf(directory, tag.bitsPerSample);
  const formats = numbersOf(directory, tag.sampleFormat);
  const floats = formats.includes(3);
  if (formats.some((format) => format !== 1 && format !== 3 && format !== 4)) {
    refuse('made of signed numbers', 'save it with 8 or 16 bits per channel.');
  }
  if (!floats && bits.some((depth) => depth > 16)) {
    refuse(
      `made of whole numbers of ${Math.max(...bits)} bits`,
      'save it with 8 or 16 bits per channel.',
    );
  }
  if (new Set(bits).size > 1) {
    refuse('of another depth in every channel', 'save it with 8 or 16 bits per channel.');
  }
  const colours = interpretation === 2 || interpretation === yCbCr ? 3 : 1;
  const extras = numbersOf(directory, tag.extraSamples);
  const [associated, straight] = [1, 2];
  const alpha = extras.findIndex((kind) => kind === associated || kind === straight);
  if (alpha > 0 && extras[alpha] === associated) {
    refuse(
      'premultiplied with a transparency that comes after other channels',
      'flatten it first.',
    );
  }
  return { page, pages, directory, colours, alpha: alpha < 0 ? null : colours + alpha };
}

/** Reduced versions and masks say so; a small first page of the same shape is a thumbnail too. */
function choosePage(directories: readonly TiffDirectory[]): Pick<TiffPicture, 'page' | 'pages'> {
  const [reduced, mask] = [1, 4];
  const pages = directories.flatMap((directory, index) => {
    const [kind = 0] = numbersOf(directory, tag.subfileType);
    const [width = 0] = numbersOf(directory, tag.width);
    const [height = 0] = numbersOf(directory, tag.height);
    return kind & (reduced | mask) ? [] : [{ index, width, height }];
  });
  const [first] = pages;
  if (!first) return { page: -1, pages: 0 };
  const larger = pages.find(
    ({ width, height }) =>
      width >= 2 * first.width &&
      Math.abs(width / height / (first.width / first.height) - 1) < 0.05,
  );
  const chosen = larger ?? first;
  const alike = pages.filter(
    ({ width, height }) => width === chosen.width && height === chosen.height,
  );
  return { page: chosen.index, pages: alike.length };
}

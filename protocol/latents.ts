import { PspError } from './errors';

/** W+ codes of one picture, row-major; `shape` is [nStyles, styleDim]. */
export interface Latents {
  readonly data: Float32Array;
  readonly shape: readonly [number, number];
}

/*
 * NumPy's .npy, as far as latents need it: version 1.0 to 3.0, little-endian float32, C order,
 * [n_styles, D] or [1, n_styles, D]. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
const magic = '\x93NUMPY';
const maxHeaderLength = 4096;

export function encodeNpy({ data, shape }: Latents): Uint8Array<ArrayBuffer> {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  // Magic, version, length and header together are a multiple of 64, ending in a newline.
  const start = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const file = new Uint8Array(start + data.byteLength);
  file.set(latin1(magic));
  file.set([1, 0], 6);
  new DataView(file.buffer).setUint16(8, start - 10, true);
  file.set(latin1(`${dictionary.padEnd(start - 11)}\n`), 10);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return file;
}

/** @throws PspError BAD_INPUT */
export function decodeNpy(file: Uint8Array): Latents {
  if (file.length < 12 || text(file.subarray(0, 6)) !== magic)
    throw refuse('it does not begin as one');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const wide = file[6]! >= 2;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > maxHeaderLength || start + length > file.length)
    throw refuse('its header is cut off');
  const header = text(file.subarray(start, start + length));
  if (!/'descr':\s*'<f4'/.test(header) || !/'fortran_order':\s*False/.test(header)) {
    throw refuse('it does not hold float32 in C order');
  }
  const dimensions = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1] ?? '';
  const sizes = dimensions
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const [nStyles, styleDim] = sizes.length === 3 && sizes[0] === 1 ? sizes.slice(1) : sizes;
  if (!nStyles || !styleDim || sizes.length > 3 || (sizes.length === 3 && sizes[0] !== 1)) {
    throw refuse(`its shape is (${dimensions}), not [n_styles, D]`);
  }
  const body = file.subarray(start + length);
  if (body.length !== nStyles * styleDim * 4) {
    throw refuse(
      `${nStyles} × ${styleDim} values take ${nStyles * styleDim * 4} bytes, not ${body.length}`,
    );
  }
  // A copy: the header may leave the values unaligned.
  const data = new Float32Array(new Uint8Array(body).buffer);
  if (!data.every(Number.isFinite)) throw refuse('some of its values are not finite');
  return { data, shape: [nStyles, styleDim] };
}

const latin1 = (characters: string): Uint8Array =>
  Uint8Array.from(characters, (character) => character.charCodeAt(0));

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const refuse = (reason: string): PspError =>
  new PspError(
    'BAD_INPUT',
    `This is no .npy file of latents: ${reason}. Choose one that pSp Layers saved.`,
  );

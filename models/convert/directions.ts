import { ConvertError } from './errors';

/**
 * Named steps in W+, one slider each. The file is `safetensors` (a length, JSON, the tensors): one
 * float16 tensor [ranges, styleDim] a direction, and what they are called as JSON in its metadata.
 */
export interface Direction {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  /** `null`: from −1 to 1, the ends being where the usable range ends. */
  readonly unit: string | null;
  readonly min: number;
  readonly max: number;
  /** What one unit adds to the code of every style in [from, to). */
  readonly steps: readonly {
    readonly from: number;
    readonly to: number;
    readonly row: Float32Array;
  }[];
}

export const DIRECTIONS_FORMAT_VERSION = 1;
const METADATA = 'psp-layers';
/** Sliders are few, and each is a few rows: what is larger is no such file. */
const MAX_HEADER_BYTES = 2 ** 17;

/**
 * Reads the file of a package whose codes are [nStyles, styleDim].
 * @throws ConvertError CORRUPT, UNSUPPORTED
 */
export function decodeDirections(
  bytes: Uint8Array,
  nStyles: number,
  styleDim: number,
): readonly Direction[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? -1 : Number(view.getBigUint64(0, true));
  if (length < 2 || length > MAX_HEADER_BYTES || 8 + length > bytes.length) {
    throw corrupt('its header does not fit the file');
  }
  const header = parse(bytes.subarray(8, 8 + length));
  const metadata = header['__metadata__'] as Fields | undefined;
  const document = parse(String(metadata?.[METADATA]));
  if (document['formatVersion'] !== DIRECTIONS_FORMAT_VERSION) {
    throw new ConvertError(
      'UNSUPPORTED',
      `The directions have formatVersion ${JSON.stringify(document['formatVersion'])}; this version reads ${DIRECTIONS_FORMAT_VERSION}.`,
    );
  }
  const entries = document['directions'];
  if (!Array.isArray(entries)) throw corrupt('it lists no directions');
  return entries.map((entry: Fields) => {
    const { name, label, hint, unit, min, max, styles } = entry;
    const tensor = header[String(name)] as Fields | undefined;
    const offsets = tensor?.['data_offsets'] as readonly number[] | undefined;
    const fits =
      [name, label, hint].every((text) => typeof text === 'string') &&
      (unit === null || typeof unit === 'string') &&
      typeof min === 'number' &&
      typeof max === 'number' &&
      min <= 0 &&
      max >= 0 &&
      Array.isArray(styles) &&
      tensor?.['dtype'] === 'F16' &&
      offsets?.[1] === offsets![0]! + 2 * styleDim * styles.length &&
      offsets[0]! >= 0 &&
      8 + length + offsets[1] <= bytes.length;
    if (!fits) throw corrupt(`the direction ${JSON.stringify(name)} is incomplete`);
    const steps = (styles as readonly (readonly [number, number])[]).map(([from, to], i) => {
      if (!(from >= 0 && from < to && to <= nStyles)) {
        throw corrupt(`"${String(name)}" moves styles ${from} to ${to} of ${nStyles}`);
      }
      const at = 8 + length + offsets[0]! + 2 * styleDim * i;
      const row = Float32Array.from({ length: styleDim }, (_, d) =>
        halfToFloat(view.getUint16(at + 2 * d, true)),
      );
      return { from, to, row };
    });
    return { name, label, hint, unit, min, max, steps } as Direction;
  });
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: string | Uint8Array): Fields {
  try {
    // Written in ASCII, other letters as escapes.
    const json =
      typeof text === 'string'
        ? text
        : Array.from(text, (byte) => String.fromCharCode(byte)).join('');
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch {
    // Told below.
  }
  throw corrupt('its header is not JSON');
}

const corrupt = (what: string): ConvertError =>
  new ConvertError('CORRUPT', `The directions cannot be read: ${what}.`);

/** IEEE 754 binary16 → number. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = (half & 1023) / 1024;
  if (exponent === 0) return sign * fraction * 2 ** -14;
  return exponent === 31 ? NaN : sign * (1 + fraction) * 2 ** (exponent - 15);
}

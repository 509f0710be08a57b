/** A tag as [number, type, values]; types: 1 byte, 2 text, 3 short, 4 long, 5 rational as pairs. */
export type TiffTagSpec = readonly [
  number: number,
  type: 1 | 2 | 3 | 4 | 5,
  values: readonly number[] | string,
];

export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Interleaved, little-endian where they have more than a byte. */
  readonly samples: Uint8Array | Uint16Array | Uint32Array;
  readonly tags?: readonly TiffTagSpec[];
}

/** Uncompressed pages, one strip each; `tags` replace what is written by themselves. */
export function tiffFile(...pages: readonly TiffPage[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0])];
  let at = 8;
  pages.forEach((page, i) => {
    const { width, height, channels, samples, tags = [] } = page;
    const bits = samples.BYTES_PER_ELEMENT * 8;
    const own: readonly TiffTagSpec[] = [
      [256, 4, [width]],
      [257, 4, [height]],
      [258, 3, Array.from({ length: channels }, () => bits)],
      [259, 3, [1]],
      [262, 3, [channels < 3 ? 1 : 2]],
      [273, 4, [0]],
      [277, 3, [channels]],
      [278, 4, [height]],
      [279, 4, [samples.byteLength]],
    ];
    const all = new Map([...own, ...tags].map((spec) => [spec[0], spec]));
    const entries = [...all.values()].sort(([a], [b]) => a - b);
    const valuesAt = at + 6 + 12 * entries.length;
    const values = entries.map(valueBytes);
    const outside = values.map((bytes) =>
      bytes.length > 4 ? bytes.length + (bytes.length % 2) : 0,
    );
    const samplesAt = valuesAt + outside.reduce((sum, length) => sum + length, 0);
    const directory = Buffer.alloc(samplesAt - at + samples.byteLength);
    directory.writeUInt16LE(entries.length, 0);
    let free = valuesAt;
    entries.forEach(([number, type, given], k) => {
      const entry = 2 + 12 * k;
      directory.writeUInt16LE(number, entry);
      directory.writeUInt16LE(type, entry + 2);
      const count = typeof given === 'string' ? given.length + 1 : given.length;
      directory.writeUInt32LE(type === 5 ? count / 2 : count, entry + 4);
      if (number === 273) return void directory.writeUInt32LE(samplesAt, entry + 8);
      if (outside[k] === 0) return void values[k]!.copy(directory, entry + 8);
      directory.writeUInt32LE(free, entry + 8);
      values[k]!.copy(directory, free - at);
      free += outside[k]!;
    });
    const next = at + directory.length;
    directory.writeUInt32LE(i + 1 < pages.length ? next : 0, 2 + 12 * entries.length);
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).copy(
      directory,
      samplesAt - at,
    );
    parts.push(directory);
    at = next;
  });
  return Buffer.concat(parts);
}

function valueBytes([, type, values]: TiffTagSpec): Buffer {
  if (typeof values === 'string') return Buffer.from(`${values}\0`, 'latin1');
  const width = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 4 }[type];
  const bytes = Buffer.alloc(values.length * width);
  values.forEach((value, i) => bytes.writeUIntLE(value, i * width, width));
  return bytes;
}

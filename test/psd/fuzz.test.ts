import { inflate } from '../../bridge-server/documents/fileBytes';
import {
  decodeLayer,
  decodeMask,
  insertLayers,
  isPsdError,
  memorySource,
  readStructure,
  type ByteSource,
} from '../../psd';
import { boundsAt, corpus, pixelLayer, readCorpus } from './support';

const CASES = 10_000;
/** What one case may read or decode: hostile lengths must not become allocations. */
const MAX_CASE_BYTES = 4 * 1024 * 1024;
/** Of the processor: other work on the machine does not count. */
const TIME_LIMIT_MS = 60_000;

/** mulberry32: the same cases on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const hostile = [0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Truncates, flips bytes, or writes extreme numbers, mostly into the structure at the front. */
function damage(original: Uint8Array, pick: (below: number) => number): Uint8Array {
  const where = () =>
    pick(4) > 0 ? pick(Math.min(1500, original.length - 4)) : pick(original.length - 4);
  if (pick(8) === 0) return original.slice(0, pick(original.length));
  const bytes = original.slice();
  const view = new DataView(bytes.buffer);
  for (let changes = 1 + pick(3); changes > 0; changes--) {
    const at = where();
    if (pick(2) === 0) bytes[at] = pick(256);
    else if (pick(2) === 0) view.setUint32(at, hostile[pick(hostile.length)]!);
    else view.setUint16(at, hostile[pick(hostile.length)]! & 0xffff);
  }
  return bytes;
}

/** A source that notices what it is asked for. */
function watched(bytes: Uint8Array): ByteSource & { most: number } {
  const source = memorySource(bytes);
  const watch = {
    size: source.size,
    most: 0,
    read: (offset: number, into: Uint8Array) => {
      watch.most = Math.max(watch.most, into.length);
      return source.read(offset, into);
    },
  };
  return watch;
}

/** Everything that is done to a document; the result goes nowhere. */
async function useAll(source: ByteSource): Promise<void> {
  const document = await readStructure(source);
  const options = { inflate, maxBytes: MAX_CASE_BYTES };
  const layers = document.layers.slice(0, 3);
  const failures: unknown[] = [];
  for (const layer of layers) {
    await decodeLayer(source, document, layer, options).catch((error) => failures.push(error));
    await decodeMask(source, document, layer, options).catch((error) => failures.push(error));
  }
  const { depth, colorMode } = document.header;
  const layer = pixelLayer('new', depth === 1 ? 8 : depth, boundsAt(2, 2, 9, 7), {
    grey: colorMode === 'greyscale',
  });
  const above = layers.length > 0 ? 0 : 'background';
  await insertLayers(source, document, [{ above, layers: [layer] }], { write: async () => {} });
  const unclear = failures.find((error) => !isPsdError(error));
  if (unclear) throw unclear;
}

it(
  `ends ${CASES} damaged files in clear errors, within bounds`,
  async () => {
    // Larger files make slower cases and find nothing more.
    const originals = corpus.map(readCorpus).filter((bytes) => bytes.length < 40_000);
    const pick = random(20_240_611);
    const codes = new Map<string, number>();
    const start = process.cpuUsage();
    for (let i = 0; i < CASES; i++) {
      const bytes = damage(originals[i % originals.length]!, pick);
      const untouched = bytes.slice();
      const source = watched(bytes);
      let code = 'fine';
      try {
        await useAll(source);
      } catch (error) {
        if (!isPsdError(error)) {
          throw new Error(`Case ${i} failed without words`, { cause: error });
        }
        code = error.code;
        if (!/^[A-Z].*\.$/s.test(error.message)) throw new Error(`No sentence: ${error.message}`);
      }
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (source.most > MAX_CASE_BYTES)
        throw new Error(`Case ${i} read ${source.most} bytes at once`);
      if (Buffer.compare(bytes, untouched) !== 0) throw new Error(`Case ${i} changed its input`);
    }
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(TIME_LIMIT_MS);
    // The cases reach both ends: damage that is met, and damage that does not matter.
    expect([...codes.keys()]).toEqual(expect.arrayContaining(['DAMAGED', 'NOT_PSD', 'fine']));
  },
  4 * TIME_LIMIT_MS,
);

import { ConvertError } from '../errors';
import { readExactly, viewOf, type ByteSource } from '../runtime';
import type { CheckpointFile } from './checkpointFile';
import { MAX_PICKLE_BYTES, readPickle } from './pickle';
import { asText, PickleDict, type PickleValue, type StorageRef } from './pickleValues';
import { storageFormats } from './storageNumbers';

/** torch/serialization.py, MAGIC_NUMBER and PROTOCOL_VERSION. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

/**
 * torch before 1.6: five pickles (magic number, version, system, the value, the storages' keys), then
 * for each key a 64-bit count and the numbers.
 * @throws ConvertError
 */
export async function readLegacyCheckpoint(source: ByteSource): Promise<CheckpointFile> {
  const length = Math.min(source.size, MAX_PICKLE_BYTES);
  const bytes = await readExactly(source, 0, length, 'the pickles');
  let at = 0;
  let stored: readonly StorageRef[] = [];
  const next = (): PickleValue => {
    const { value, end, storages } = readPickle(bytes, at);
    if (storages.length > 0) stored = storages;
    at = end;
    return value;
  };
  if (next() !== MAGIC) {
    throw new ConvertError(
      'FOREIGN',
      `${source.name} is a Python pickle, but torch.save did not make it.`,
    );
  }
  const version = next();
  if (version !== VERSION) {
    throw new ConvertError(
      'UNSUPPORTED',
      `${source.name} has torch file version ${asText(version)}; ${VERSION} is known.`,
    );
  }
  const system = next();
  if (system instanceof PickleDict && system.entries.get('little_endian') !== true) {
    throw new ConvertError(
      'UNSUPPORTED',
      `${source.name} was written on a big-endian machine. Save it again on a PC.`,
    );
  }
  const root = next();
  const keys = next();
  if (!Array.isArray(keys)) throw corrupt(source, 'the list of its storages is missing');
  return { root, storages: await locateStorages(source, at, keys, stored), checkedRuns: [] };
}

async function locateStorages(
  source: ByteSource,
  start: number,
  keys: readonly PickleValue[],
  stored: readonly StorageRef[],
): Promise<CheckpointFile['storages']> {
  const types = new Map(stored.map((storage) => [storage.key, storage.type]));
  const storages = new Map<string, { offset: number; size: number }>();
  let at = start;
  for (const key of keys) {
    const type = typeof key === 'string' ? types.get(key) : undefined;
    if (typeof key !== 'string' || type === undefined) {
      throw corrupt(source, `storage "${asText(key)}" belongs to no tensor`);
    }
    const what = `storage "${key}"`;
    const count = viewOf(await readExactly(source, at, 8, what)).getBigInt64(0, true);
    const size = Number(count) * storageFormats[type].bytes;
    const offset = at + 8;
    if (count < 0n) throw corrupt(source, `${what} has ${count} numbers`);
    if (offset + size > source.size) {
      throw new ConvertError(
        'TRUNCATED',
        `${source.name} is cut short: ${what} ends at byte ${offset + size}, the file at ` +
          `${source.size}. Download it again.`,
      );
    }
    storages.set(key, { offset, size });
    at = offset + size;
  }
  return storages;
}

const corrupt = (source: ByteSource, problem: string): ConvertError =>
  new ConvertError('CORRUPT', `${source.name} is damaged: ${problem}. Download it again.`);

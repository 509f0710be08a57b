import { ConvertError } from '../errors';
import { readExactly, type ByteSource } from '../runtime';
import type { CheckpointFile } from './checkpointFile';
import { MAX_PICKLE_BYTES, readPickle } from './pickle';
import { readZipDirectory } from './zipArchive';

/**
 * torch 1.6 and later: `<root>/data.pkl`, and every storage as `<root>/data/<key>`.
 * @throws ConvertError
 */
export async function readZipCheckpoint(source: ByteSource): Promise<CheckpointFile> {
  const entries = await readZipDirectory(source);
  const pickle = entries.find((entry) => /^[^/]+\/data\.pkl$/.test(entry.name));
  if (!pickle) {
    const code = entries.some((entry) => entry.name.endsWith('/constants.pkl'))
      ? 'a TorchScript program, not a checkpoint'
      : 'a zip, but torch.save did not make it';
    throw new ConvertError('FOREIGN', `${source.name} is ${code}: "data.pkl" is not in it.`);
  }
  if (pickle.size > MAX_PICKLE_BYTES) {
    throw new ConvertError(
      'HOSTILE',
      `${source.name}: its pickle has ${pickle.size} bytes; at most ${MAX_PICKLE_BYTES} are accepted.`,
    );
  }
  const root = pickle.name.slice(0, -'data.pkl'.length);
  const order = entries.find((entry) => entry.name === `${root}byteorder`);
  if (order) {
    const bytes = await readExactly(
      source,
      order.offset,
      Math.min(order.size, 8),
      'the byte order',
    );
    if (String.fromCharCode(...bytes) !== 'little') {
      throw new ConvertError(
        'UNSUPPORTED',
        `${source.name} was written on a big-endian machine. Save it again on a PC.`,
      );
    }
  }
  const bytes = await readExactly(source, pickle.offset, pickle.size, 'the pickle');
  const prefix = `${root}data/`;
  const storages = entries
    .filter((entry) => entry.name.startsWith(prefix))
    .map((entry) => [entry.name.slice(prefix.length), entry] as const);
  return {
    root: readPickle(bytes).value,
    storages: new Map(storages),
    checkedRuns: entries.filter((entry) => entry.size > 0),
  };
}

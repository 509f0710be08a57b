import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../../documents/resultFolder';
import { PspError, type ErrorCode } from '../../../protocol/errors';
import { describeFileError } from '../../fileErrors';
import type { Ended } from './runBatch';

/** A line of `--results`: one for each file as it ends. */
interface ResultLine {
  readonly input: string;
  readonly state: Ended['state'];
  readonly outputs: readonly string[];
  readonly code: ErrorCode | null;
  readonly reason: string | null;
  readonly seconds: number;
  readonly model: string | null;
  /** What ran the networks. */
  readonly engine: string | null;
}

export interface ResultsFile {
  add(input: string, ended: Ended, seconds: number, engine: string | null): Promise<void>;
  close(): Promise<void>;
}

/** Begins the file anew: it tells of one run. @throws PspError OUTPUT_FAILED */
export async function createResultsFile(path: string): Promise<ResultsFile> {
  const refuse = (cause: unknown): never => {
    const reason = describeFileError(cause);
    throw new PspError('OUTPUT_FAILED', `${path} cannot be written: ${reason}.`, { cause });
  };
  await makeFolder(dirname(path));
  const handle = await open(path, 'w').catch(refuse);
  // Files end at the same time; their lines must not mix.
  let writing: Promise<unknown> = Promise.resolve();
  return {
    add: async (input, ended, seconds, engine) => {
      const line = JSON.stringify(lineOf(input, ended, seconds, engine));
      const written = writing.then(() => handle.appendFile(`${line}\n`));
      writing = written.catch(() => undefined);
      await written.catch(refuse);
    },
    close: () => handle.close(),
  };
}

function lineOf(input: string, ended: Ended, seconds: number, engine: string | null): ResultLine {
  const common = { input, state: ended.state, seconds: Math.round(seconds * 1000) / 1000 };
  const nothing = { code: null, reason: null, model: null, engine: null };
  switch (ended.state) {
    case 'done': {
      const { files, layers } = ended.outcome;
      const model = layers[0]?.model ?? null;
      return { ...common, outputs: files, ...nothing, model, engine };
    }
    case 'earlier':
      return { ...common, outputs: ended.files, ...nothing };
    case 'failed': {
      const { code, message } = ended.error;
      return { ...common, outputs: [], ...nothing, code, reason: message };
    }
  }
}

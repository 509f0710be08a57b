import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../documents/resultFolder';
import { requireFile } from '../../fileErrors';
import type { RunOptions } from '../../processor/processor';
import type { Application } from '../application';
import { chooseOutput } from '../chooseOutput';
import type { CommandContext } from '../context';
import { runFile } from '../runFile';
import { claimVersion } from './claimVersion';
import type { Journal } from './journal';
import type { BatchItem } from './planItems';
import type { Ended } from './runBatch';

export interface ItemWork {
  readonly application: Application;
  readonly key: string;
  /** Real names of what the batch reads. */
  readonly read: ReadonlySet<string>;
  readonly options: {
    readonly operation: string;
    readonly layer: string;
    readonly note: boolean;
    readonly overwrite?: true;
    readonly inPlace?: true;
  };
  readonly processor: CommandContext['processor'];
}

/** One file of a batch, unless an earlier run did the same work. */
export async function runItem(
  item: BatchItem,
  { application, key, read, options, processor }: ItemWork,
  runOptions: RunOptions,
): Promise<Exclude<Ended, { state: 'failed' }>> {
  const { input, output, realInput, realOutput, journal } = item;
  const inPlace = options.inPlace === true;
  if (inPlace) chooseOutput(input, { operation: options.operation, inPlace });
  await requireFile(input);
  const work = await journal.work(realInput, key);
  if (work.done && !options.overwrite) return { state: 'earlier', files: work.done };
  const remarks: string[] = [];
  let writing = work.begin(realOutput, 1);
  const realFile = (file: string): string => join(dirname(realOutput), basename(file));
  await makeFolder(dirname(output));
  const outcome = await runFile(
    await processor(),
    {
      ...{ input, output, inPlace, application, layer: options.layer, saveLatents: false },
      note: options.note,
      onDraft: (file, sha256) => writing.draft(realFile(file), sha256),
      async claim(count) {
        if (inPlace) return { documents: [], latents: [] };
        writing = work.begin(realOutput, count.documents);
        const stateOf = (file: string): ReturnType<Journal['stateOf']> =>
          journal.stateOf(realFile(file), realInput);
        const claimed = await claimVersion(output, count, {
          ...{ read, stateOf, overwrite: options.overwrite === true },
        });
        remarks.push(...claimed.remarks);
        return claimed.files;
      },
    },
    runOptions,
  );
  await writing.done(outcome.files.map(realFile));
  return { state: 'done', outcome: { ...outcome, remarks: [...remarks, ...outcome.remarks] } };
}

import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { PspError } from '../../../protocol/errors';
import { openModelStore } from '../../openProcessor';
import { findModel } from '../../operations/findModel';
import type { RunOptions } from '../../operations/processor';
import {
  addApplicationOptions,
  readApplication,
  type ApplicationOptions,
} from '../applicationOptions';
import { chooseOutput } from '../chooseOutput';
import { realNames } from '../claimFiles';
import type { CommandContext } from '../context';
import type { Application } from '../application';
import { runFile, type FileOutcome } from '../runFile';
import type { Terminal } from '../terminal';
import { claimVersion } from './claimVersion';
import type { Journal } from './journal';
import { listInputs } from './listInputs';
import { planItems, type BatchItem } from './planItems';
import { runBatch, type BatchResult } from './runBatch';
import { stateLine } from './stateLine';
import { workKey } from './workKey';

interface BatchCommandOptions extends ApplicationOptions {
  readonly layer: string;
  readonly output?: string;
  readonly overwrite?: true;
  readonly inPlace?: true;
  readonly jobs: number;
  readonly json?: true;
}

export function addBatchCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('batch')
    .argument('<inputs...>', 'folders, files, or patterns such as "shoot/*.psd"')
    .description(
      'Run one operation on many files. Goes on after a failure, and where it was when started again',
    );
  addApplicationOptions(command, context.operations)
    .option(
      '--output <folder>',
      'where the results go; a folder named after the operation otherwise',
    )
    .option('--overwrite', 'replace results that exist')
    .option('--in-place', 'add the layers to PSD and PSB files themselves; FILE.bak keeps each')
    .option('--jobs <number>', 'files at a time', parseJobs, 2)
    .option('--json', 'print the summary as JSON')
    .action((inputs: string[], options: BatchCommandOptions) => batch(inputs, options, context));
}

async function batch(
  names: readonly string[],
  options: BatchCommandOptions,
  { terminal, signal, processor, operations }: CommandContext,
): Promise<void> {
  const application = await readApplication(options, operations);
  const model = findModel(
    await openModelStore().list(),
    operations.find(options.operation),
    application.model,
  );
  const key = workKey(application, options.layer, model);
  const { files, lost } = await listInputs(names);
  const { items, repeated } = await planItems(files, options);
  for (const link of lost) terminal.log(`${link} is a link that leads nowhere, and was left out.`);
  for (const name of repeated) terminal.log(`${name} is another name of a file in the list.`);
  const read = await realNames([...files, options.mask, options.latents]);
  const result = await runBatch(items, {
    jobs: Math.min(options.jobs, items.length),
    signal,
    run: (item, onProgress) =>
      runItem(item, { application, key, read, options, processor }, { signal, onProgress }),
    onState: (state) => terminal.progress(stateLine(state)),
  });
  terminal.progress('');
  summarize(result, items.length, terminal, options.json === true);
}

interface ItemWork {
  readonly application: Application;
  readonly key: string;
  /** Real names of what the batch reads. */
  readonly read: ReadonlySet<string>;
  readonly options: BatchCommandOptions;
  readonly processor: CommandContext['processor'];
}

/** `null` where an earlier run did the same work. */
async function runItem(
  item: BatchItem,
  { application, key, read, options, processor }: ItemWork,
  runOptions: RunOptions,
): Promise<FileOutcome | null> {
  const { input, output, realInput, realOutput, journal } = item;
  const inPlace = options.inPlace === true;
  if (inPlace) chooseOutput(input, { operation: options.operation, inPlace });
  const work = await journal.work(realInput, key);
  if (work.isDone && !options.overwrite) return null;
  const remarks: string[] = [];
  let writing = work.begin(realOutput, 1);
  const realFile = (file: string): string => join(dirname(realOutput), basename(file));
  await mkdir(dirname(output), { recursive: true });
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
  return { ...outcome, remarks: [...remarks, ...outcome.remarks] };
}

/** @throws PspError so that a script sees by the exit code that not everything was done */
function summarize(result: BatchResult, files: number, terminal: Terminal, json: boolean): void {
  const { done, earlier, failed, remaining } = result;
  if (json) {
    terminal.out(JSON.stringify(result, null, 2));
  } else {
    for (const { remarks } of done) for (const remark of remarks) terminal.log(remark);
    for (const outcome of done) for (const file of outcome.files) terminal.out(file);
    if (earlier.length > 0) terminal.log(`${earlier.length} were done by an earlier run.`);
    for (const { input, reason } of failed) terminal.log(`FAILED ${input}\n  ${reason}`);
    terminal.log(`${done.length + earlier.length} of ${files} files are done.`);
  }
  if (remaining.length > 0) {
    throw new PspError(
      'CANCELLED',
      `Stopped with ${remaining.length} of ${files} files left. The same command goes on from here.`,
    );
  }
  if (failed.length === 0) return;
  throw new PspError(failed[0]!.code, `${failed.length} of ${files} files failed.`);
}

function parseJobs(text: string): number {
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 16) return jobs;
  throw new PspError('BAD_INPUT', `--jobs cannot be "${text}". Use a whole number from 1 to 16.`);
}

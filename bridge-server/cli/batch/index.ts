import { basename } from 'node:path';
import type { Command } from 'commander';
import { PspError } from '../../../protocol/errors';
import { realName } from '../../documents/fileVersion';
import { openModelStore } from '../../openProcessor';
import { findModel } from '../../processor/findModel';
import type { Registry } from '../../operations/registry';
import {
  addApplicationOptions,
  readApplication,
  type ApplicationOptions,
} from '../applicationOptions';
import { realNames } from '../claimFiles';
import type { CommandContext } from '../context';
import { journalsIn } from './journal';
import { joined, listInputs, readList, type Inputs } from './listInputs';
import { inPart, parseItems, parseShard, partName, type Part } from './part';
import { planItems } from './planItems';
import { createProgress, parseProgress, type ProgressKind } from './progress';
import { createResultsFile } from './resultsFile';
import { runBatch } from './runBatch';
import { runItem } from './runItem';
import { summarize } from './summarize';
import { workKey } from './workKey';

interface BatchCommandOptions extends ApplicationOptions {
  readonly layer: string;
  readonly output?: string;
  readonly overwrite?: true;
  readonly inPlace?: true;
  readonly jobs: number;
  readonly json?: true;
  readonly recursive?: true;
  readonly filesFrom?: string;
  readonly shard?: Part['shard'];
  readonly items?: Part['items'];
  readonly results?: string;
  readonly allowFailures?: true;
  readonly progress: ProgressKind;
}

export function addBatchCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('batch')
    .argument('[inputs...]', 'folders, files, or patterns such as "shoot/*.psd"')
    .description(
      'Run one operation on many files. Goes on after a failure, and where it was when started again',
    );
  addApplicationOptions(command, context.operations)
    .option('--recursive', 'folders in the folders too')
    .option('--files-from <list>', 'a file that names one input a line; - for the standard input')
    .option('--shard <i/n>', 'the part i of n, counted from 0, as in 0/4', parseShard)
    .option('--items <a-b>', 'the places a to b of the list, counted from 0', parseItems)
    .option(
      '--output <folder>',
      'where the results go; a folder named after the operation otherwise',
    )
    .option('--overwrite', 'replace results that exist')
    .option('--in-place', 'add the layers to PSD and PSB files themselves; FILE.bak keeps each')
    .option('--jobs <number>', 'files at a time', parseJobs, 2)
    .option('--results <file>', 'a line of JSON for each file as it ends')
    .option('--allow-failures', 'files that cannot be worked on are no failure of the run')
    .option(
      '--progress <kind>',
      'plain for a log, openjd for OpenJobDescription',
      parseProgress,
      'bar',
    )
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
  const { files, lost } = await findInputs(names, options, operations);
  const part: Part = { shard: options.shard ?? null, items: options.items ?? null };
  const paths = files.map(({ path }) => path);
  const { items: all, repeated } = await planItems(paths, options, partName(part));
  const own = new Set(files.filter(inPart(part)).map(({ path }) => path));
  const items = all.filter(({ input }) => own.has(input));
  for (const link of lost) terminal.log(`${link} is a link that leads nowhere, and was left out.`);
  for (const name of repeated) terminal.log(`${name} is another name of a file in the list.`);
  const read = await realNames([...paths, options.mask, options.latents]);
  const results = options.results === undefined ? null : await createResultsFile(options.results);
  const progress = createProgress(options.progress, terminal);
  try {
    const work = { application, key, read, options, processor };
    const { result, stopped } = await runBatch(items, {
      jobs: Math.min(options.jobs, items.length),
      signal,
      run: (item, onProgress) => runItem(item, work, { signal, onProgress }),
      onState: (state) => progress.onState(state),
      onEnd: async (item, ended, seconds) => {
        const engine = ended.state === 'done' ? (await processor()).report.device : null;
        await results?.add(item.input, ended, seconds, engine);
      },
    });
    terminal.progress('');
    const failure = summarize(result, stopped, terminal, {
      json: options.json === true,
      allowFailures: options.allowFailures === true,
    });
    if (failure === null) return;
    progress.onFailure(failure);
    throw failure;
  } finally {
    await results?.close();
  }
}

/** @throws PspError BAD_INPUT where nothing is named, NOT_FOUND for a name that leads to nothing */
async function findInputs(
  names: readonly string[],
  { recursive, filesFrom, output }: BatchCommandOptions,
  { declarations }: Registry,
): Promise<Inputs> {
  if (names.length === 0 && filesFrom === undefined) {
    throw new PspError('BAD_INPUT', 'Name folders or files, or a list of them by --files-from.');
  }
  const results = output === undefined ? null : await realName(output);
  const named = await listInputs(names, {
    recursive: recursive === true,
    isResultFolder: async (folder) =>
      (await realName(folder)) === results ||
      (declarations.some(({ id }) => id === basename(folder)) &&
        (await journalsIn(folder)).length > 0),
  });
  return filesFrom === undefined ? named : joined([named, await readList(filesFrom)]);
}

function parseJobs(text: string): number {
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 16) return jobs;
  throw new PspError('BAD_INPUT', `--jobs cannot be "${text}". Use a whole number from 1 to 16.`);
}

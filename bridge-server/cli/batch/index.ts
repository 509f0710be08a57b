import { access, mkdir } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import type { Command } from 'commander';
import { PspError } from '../../../protocol/errors';
import { completeParameters } from '../../../protocol/parameter';
import { operations } from '../../operations/registry';
import {
  addApplicationOptions,
  readApplication,
  type ApplicationOptions,
} from '../applicationOptions';
import { chooseOutput, defaultOutput } from '../chooseOutput';
import type { CommandContext } from '../context';
import { runFile } from '../runFile';
import type { Terminal } from '../terminal';
import { openJournal, type Journal } from './journal';
import { listInputs } from './listInputs';
import { runBatch, type BatchItem, type BatchResult } from './runBatch';
import { stateLine } from './stateLine';

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
  addApplicationOptions(command)
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
  { terminal, signal, processor }: CommandContext,
): Promise<void> {
  const application = await readApplication(options);
  completeParameters(operations.find(application.operation).declaration, application.parameters);
  const inputs = await listInputs(names);
  const items = await planItems(inputs, options);
  await requireModel(options.model, processor);
  const { layer } = options;
  const result = await runBatch(items, {
    jobs: Math.min(options.jobs, items.length),
    signal,
    check: (item) => checkOutput(item, options),
    run: async ({ input, output }, onProgress) => {
      await mkdir(dirname(output), { recursive: true });
      const request = { input, output, application, layer, saveLatents: false };
      return runFile(await processor(), request, { signal, onProgress });
    },
    onState: (state) => terminal.progress(stateLine(state)),
  });
  terminal.progress('');
  summarize(result, inputs.length, terminal, options.json === true);
}

/** A mistyped name must not fail a thousand times. */
async function requireModel(
  model: string | undefined,
  processor: CommandContext['processor'],
): Promise<void> {
  if (model === undefined) return;
  const names = (await (await processor()).models()).map(({ name }) => name);
  if (names.includes(model)) return;
  const installed = names.join(', ') || 'none';
  throw new PspError('NOT_FOUND', `No model "${model}" is installed. Installed: ${installed}.`);
}

/** Results are named before work begins, so that a second run finds the same ones. */
async function planItems(
  inputs: readonly string[],
  options: BatchCommandOptions,
): Promise<readonly BatchItem[]> {
  const settings = settingsOf(options);
  const journals = new Map<string, Journal>();
  const items: BatchItem[] = [];
  const taken = new Set<string>();
  for (const input of inputs) {
    const output = options.inPlace ? input : resultName(input, options, taken);
    taken.add(output);
    const folder = dirname(output);
    const journal = journals.get(folder) ?? (await openJournal(folder));
    journals.set(folder, journal);
    items.push({ input: resolve(input), output: resolve(output), settings, journal });
  }
  return items;
}

/** photo.jpg → frontalize/photo-frontalize.psd; photo.png beside it → …/photo-png-frontalize.psd. */
function resultName(
  input: string,
  options: BatchCommandOptions,
  taken: ReadonlySet<string>,
): string {
  const { dir, name, ext } = parse(input);
  const folder = options.output ?? join(dir, options.operation);
  const output = defaultOutput(join(folder, name + ext), options.operation);
  if (!taken.has(output)) return output;
  return defaultOutput(join(folder, `${name}-${ext.slice(1)}${ext}`), options.operation);
}

/** Everything that changes what a result looks like. */
function settingsOf(options: BatchCommandOptions): string {
  const { output, overwrite, inPlace, jobs, json, ...work } = options;
  void [output, overwrite, inPlace, jobs, json];
  return JSON.stringify(work);
}

async function checkOutput(item: BatchItem, options: BatchCommandOptions): Promise<void> {
  if (options.inPlace) {
    await chooseOutput(item.input, { operation: options.operation, inPlace: true });
    return;
  }
  const exists = await access(item.output).then(
    () => true,
    () => false,
  );
  if (!exists || options.overwrite || item.journal.isOwn(item.output)) return;
  throw new PspError(
    'BAD_INPUT',
    `${item.output} exists and is not of this batch. Name another folder, or add --overwrite.`,
  );
}

/** @throws PspError so that a script sees by the exit code that not everything was done */
function summarize(result: BatchResult, files: number, terminal: Terminal, json: boolean): void {
  const { done, earlier, failed, remaining } = result;
  if (json) {
    terminal.out(JSON.stringify(result, null, 2));
  } else {
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

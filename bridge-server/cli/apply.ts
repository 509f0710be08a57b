import { access } from 'node:fs/promises';
import { extname, join, parse, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { PspError } from '../../protocol/errors';
import type { FaceChoice } from '../../protocol/face';
import type { OperationId } from '../../protocol/operation';
import { readImage } from '../image/readImage';
import { readMask } from '../image/readMask';
import { operationDeclarations, operations } from '../operations/registry';
import { applyToRaster } from './applyToRaster';
import type { CommandContext } from './context';
import { readLatents, writeLatents } from './latentFiles';
import { addParameterOptions, parameterValues } from './parameterOptions';
import { describePatch, writeResult } from './writeResult';
import { progressLine } from './terminal';

interface ApplyOptions {
  readonly operation: OperationId;
  readonly model?: string;
  readonly face: FaceChoice;
  readonly mask?: string;
  readonly latents?: string;
  readonly saveLatents?: true;
  readonly native?: true;
  readonly wholeLayer?: true;
  readonly output?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

export function addApplyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('apply')
    .argument('<input>', 'a PNG, JPEG, TIFF or WebP file')
    .description('Run one operation on a picture; the results are layers of a new PSD')
    .addOption(
      new Option('--operation <id>', 'what to do')
        .choices(operationDeclarations.map((operation) => operation.id))
        .makeOptionMandatory(),
    )
    .option('--model <name>', 'an installed model; the first that serves the operation otherwise')
    .option(
      '--face <all|largest|N>',
      'which faces, counted from 1, largest first',
      parseFace,
      'all',
    )
    .option('--mask <file>', 'a picture of the same size, white where it is to be filled in')
    .option('--latents <file>', 'start from saved W+ codes (.npy) instead of encoding the face')
    .option('--save-latents', "write each layer's W+ codes beside the output (.npy)")
    .option('--native', 'the aligned face alone, at the size of the generator (--size native)')
    .option('--whole-layer', 'no face is looked for: the whole picture is the input')
    .option('--output <file>', 'a .psd, or a .png for each variant; beside the input otherwise')
    .option('--overwrite', 'replace an output file that exists')
    .option('--json', 'print what was made as JSON');
  addParameterOptions(command).action((input: string, options: ApplyOptions) =>
    apply(input, options, context),
  );
}

async function apply(input: string, options: ApplyOptions, context: CommandContext): Promise<void> {
  const output = await outputFile(input, options);
  const source = await readImage(input);
  const mask = options.mask === undefined ? null : await readMask(options.mask);
  const latents = options.latents === undefined ? null : await readLatents(options.latents);
  const parameters = parameterValues({ ...options });
  const { label } = operations[options.operation].declaration;
  const result = await applyToRaster(
    await context.processor(),
    source,
    {
      operation: options.operation,
      model: options.model ?? null,
      faces: options.face,
      parameters: options.native ? { ...parameters, size: 'native' } : parameters,
      mask,
      latents,
      wholeLayer: options.wholeLayer === true,
    },
    {
      signal: context.signal,
      onProgress: (progress) => context.terminal.progress(progressLine(progress)),
    },
  );
  const files = await writeResult(output, source, result.patches, label);
  if (options.saveLatents) files.push(...(await writeLatents(output, result.patches)));
  if (options.json) {
    const { timings } = result;
    const layers = result.patches.map(describePatch);
    context.terminal.out(JSON.stringify({ input, files, layers, timings }, null, 2));
    return;
  }
  for (const { name, identity } of result.patches.map(describePatch)) {
    context.terminal.log(identity === null ? name : `${name} · identity ${identity.toFixed(2)}`);
  }
  for (const file of files) context.terminal.out(file);
}

function parseFace(text: string): FaceChoice {
  if (text === 'all' || text === 'largest') return text;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new PspError(
    'BAD_INPUT',
    `--face cannot be "${text}". Use all, largest or a number from 1.`,
  );
}

/** Decided, and refused if need be, before any work is done. */
async function outputFile(input: string, options: ApplyOptions): Promise<string> {
  const { dir, name } = parse(input);
  const output = options.output ?? join(dir, `${name}-${options.operation}.psd`);
  if (!['.psd', '.png'].includes(extname(output).toLowerCase())) {
    throw new PspError('BAD_INPUT', `The output ${output} must end in .psd or .png.`);
  }
  if (resolve(output) === resolve(input)) {
    throw new PspError('BAD_INPUT', `The output is the input, ${input}. Name another file.`);
  }
  const exists = await access(output).then(
    () => true,
    () => false,
  );
  if (exists && !options.overwrite) {
    throw new PspError('BAD_INPUT', `${output} exists. Name another file, or add --overwrite.`);
  }
  return output;
}

import { Option, type Command } from 'commander';
import { PspError } from '../../protocol/errors';
import type { FaceChoice } from '../../protocol/face';
import type { OperationDeclaration } from '../../protocol/operation';
import { readMask } from '../image/readMask';
import type { Registry } from '../operations/registry';
import type { Application } from './application';
import { readLatents } from './latentFiles';
import { addParameterOptions, parameterValues } from './parameterOptions';

/** What `apply` and `batch` have in common: the operation and everything that it reads. */
export interface ApplicationOptions {
  readonly operation: string;
  readonly model?: string;
  readonly face: FaceChoice;
  readonly mask?: string;
  readonly latents?: string;
  readonly native?: true;
  readonly wholeLayer?: true;
  /** Whether files say how their layers were made. */
  readonly note: boolean;
}

export function addApplicationOptions(command: Command, operations: Registry): Command {
  command
    .addOption(
      new Option('--operation <id>', 'what to do')
        .choices(operations.declarations.map((operation) => operation.id))
        .makeOptionMandatory(),
    )
    .option('--model <name>', 'an installed model; the best that serves the operation otherwise')
    .option(
      '--face <all|largest|N>',
      'which faces, counted from 1, largest first',
      parseFace,
      'all',
    )
    .option(
      '--layer <all|visible|NAME>',
      'which layers of a PSD or PSB, those with this name',
      'visible',
    )
    .option(
      '--mask <file>',
      'a picture of the same size, white where it is to be filled in, or where it is selected',
    )
    .option('--latents <file>', 'start from saved W+ codes (.npy) instead of encoding the face')
    .option('--native', 'the aligned face alone, at the size of the generator (--size native)')
    .option('--no-note', "leaves out of the files' XMP how their layers were made")
    .option('--whole-layer', 'no face is looked for: the whole picture is the input');
  return addParameterOptions(command, operations.declarations);
}

/** Reads the files that the options name. @throws PspError BAD_INPUT for those that cannot be read */
export async function readApplication(
  options: ApplicationOptions,
  operations: Registry,
): Promise<Application> {
  const { declaration } = operations.find(options.operation);
  if (options.wholeLayer) requireWholeLayer(declaration);
  const parameters = parameterValues({ ...options }, operations.declarations);
  return {
    operation: declaration,
    model: options.model ?? null,
    faces: options.face,
    parameters: options.native ? { ...parameters, size: 'native' } : parameters,
    mask: options.mask === undefined ? null : await readMask(options.mask),
    latents: options.latents === undefined ? null : await readLatents(options.latents),
    wholeLayer: options.wholeLayer === true,
  };
}

/** @throws PspError BAD_INPUT */
function requireWholeLayer({ id, input }: OperationDeclaration): void {
  if (input !== 'face') return;
  throw new PspError(
    'BAD_INPUT',
    `"${id}" works on faces, not on a whole layer. Leave --whole-layer out.`,
  );
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

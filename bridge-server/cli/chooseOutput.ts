import { extname, join, parse } from 'node:path';
import { PspError } from '../../protocol/errors';

export const isLayered = (file: string): boolean => /^\.ps[db]$/i.test(extname(file));

export interface OutputOptions {
  readonly operation: string;
  readonly output?: string;
  readonly overwrite?: true;
  readonly inPlace?: true;
}

/**
 * What the result is called: the named file, the PSD itself with --in-place, or NAME-OPERATION.psd
 * beside the input (.psb for a PSB).
 * @throws PspError BAD_INPUT for what cannot be written so
 */
export function chooseOutput(input: string, options: OutputOptions): string {
  const layered = isLayered(input);
  if (options.inPlace) {
    if (layered && options.output === undefined) return input;
    throw new PspError(
      'BAD_INPUT',
      layered
        ? 'Give either --output or --in-place.'
        : `--in-place adds layers to a PSD or PSB, and ${input} is a picture. Leave it out: the result is a new PSD.`,
    );
  }
  const output = options.output ?? defaultOutput(input, options.operation);
  const extension = extname(output).toLowerCase();
  const allowed = layered ? [extname(input).toLowerCase()] : ['.psd', '.png'];
  if (!allowed.includes(extension)) {
    throw new PspError('BAD_INPUT', `The output ${output} must end in ${allowed.join(' or ')}.`);
  }
  return output;
}

export function defaultOutput(input: string, operation: string): string {
  const { dir, name, ext } = parse(input);
  return join(dir, `${name}-${operation}${isLayered(input) ? ext : '.psd'}`);
}

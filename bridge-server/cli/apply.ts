import type { Command } from 'commander';
import { pictureFormats } from '../../protocol/pictureFiles';
import { samePerson } from '../../protocol/samePerson';
import {
  addApplicationOptions,
  readApplication,
  type ApplicationOptions,
} from './applicationOptions';
import { chooseOutput, type OutputOptions } from './chooseOutput';
import { claimFiles, realNames } from './claimFiles';
import type { CommandContext } from './context';
import { resultNames } from './resultNames';
import { runFile, type FileOutcome } from './runFile';
import { progressLine, type Terminal } from './terminal';

type ApplyOptions = ApplicationOptions &
  OutputOptions & {
    readonly layer: string;
    readonly saveLatents?: true;
    readonly json?: true;
  };

export function addApplyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('apply')
    .argument('<input>', `a ${pictureFormats} file, or a PSD or PSB`)
    .description(
      'Run one operation on a picture or on layers of a PSD; the results are new layers with masks',
    );
  addApplicationOptions(command, context.operations)
    .option('--save-latents', "write each layer's W+ codes beside the output (.npy)")
    .option(
      '--output <file>',
      'a .psd, or a .png for each variant; a PSD or PSB for one of these; beside the input otherwise',
    )
    .option('--overwrite', 'replace an output file that exists')
    .option('--in-place', 'add the layers to the PSD or PSB itself; FILE.bak keeps it as it was')
    .option('--json', 'print what was made as JSON')
    .action((input: string, options: ApplyOptions) => apply(input, options, context));
}

async function apply(input: string, options: ApplyOptions, context: CommandContext): Promise<void> {
  const output = chooseOutput(input, options);
  const read = await realNames([input, options.mask, options.latents]);
  const application = await readApplication(options, context.operations);
  const outcome = await runFile(
    await context.processor(),
    {
      input,
      output,
      inPlace: options.inPlace === true,
      application,
      layer: options.layer,
      saveLatents: options.saveLatents === true,
      note: options.note,
      claim: (count) => claimFiles(resultNames(output, count), read, options.overwrite === true),
      // Large documents are written with the memory that the networks had.
      onDrawn: () => context.close(),
    },
    {
      signal: context.signal,
      onProgress: (progress) => context.terminal.progress(progressLine(progress)),
    },
  );
  if (options.json) context.terminal.out(JSON.stringify(outcome, null, 2));
  else tell(outcome, context.terminal);
}

function tell({ layers, document, files, remarks }: FileOutcome, { log, out }: Terminal): void {
  for (const { name, identity } of layers) {
    log(identity === null ? name : `${name} · identity ${identity.toFixed(2)}`);
    if (identity !== null && identity < samePerson) {
      log('That is another person to the face-recognition network. A smaller change keeps them.');
    }
  }
  for (const { layer, reason } of document?.passedOver ?? []) log(`"${layer}": ${reason}`);
  if (document?.clipped) log('New layers were clipped, as their neighbours are.');
  if (document?.reason) log(`The flattened preview was kept. ${document.reason}`);
  if (document?.backup) log(`The file as it was: ${document.backup}`);
  for (const remark of remarks) log(remark);
  for (const file of files) out(file);
}

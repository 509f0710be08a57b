import { Option, type Command } from 'commander';
import { importInProcess } from '../importer/importInProcess';
import { unknownModel } from '../models/modelStore';
import { verifyModel } from '../models/verifyModel';
import { bestFirst } from '../processor/findModel';
import { openModelStore, userModelsFolder } from '../openProcessor';
import type { CommandContext } from './context';
import { exitCodes } from './exitCodes';
import { writeTritonRepository } from './writeTritonRepository';

interface ImportOptions {
  readonly name?: string;
  readonly operation?: string;
  readonly half?: true;
  readonly json?: true;
}

export function addModelsCommand(program: Command, { terminal, signal }: CommandContext): void {
  const models = program.command('models').description('List, import, remove and verify models');
  const store = openModelStore();

  models
    .command('list', { isDefault: true })
    .description('List the installed models')
    .option('--json', 'print as JSON')
    .action(async (options: { json?: true }) => {
      const list = await store.list();
      for (const { folder, reason } of await store.listUnreadable()) {
        terminal.log(`Left out: ${folder} cannot be read: ${reason}`);
      }
      if (options.json) return terminal.out(JSON.stringify(list, null, 2));
      for (const model of bestFirst(list)) {
        const origin = model.embedded ? 'embedded' : 'imported';
        terminal.out(
          `${model.name}: ${model.operations.join(', ')}; ${model.resolution}², ${origin}; ${model.licence}`,
        );
        if (model.terms !== null) terminal.out(`  ${model.terms}`);
        if (model.measured !== null) terminal.out(`  ${model.measured}`);
      }
    });

  models
    .command('import')
    .argument('<file>', 'a pSp checkpoint (.pt)')
    .description('Convert a PyTorch checkpoint into a model; prints its folder')
    .option('--name <name>', 'the name to install it under; the file name otherwise')
    .option('--operation <id>', 'what it was trained for, where the file does not say')
    .option('--half', 'store the weights as float16: half the size, results within 1e-2')
    .option('--json', 'print the folder and the description as JSON')
    .action(async (file: string, options: ImportOptions) => {
      const order = {
        file,
        modelsFolder: userModelsFolder(),
        name: options.name,
        operation: options.operation,
        precision: options.half ? ('float16' as const) : ('float32' as const),
      };
      const { folder, model } = await importInProcess(order, {
        signal,
        onProgress: ({ stage, fraction }) =>
          terminal.progress(`Converting ${stage} ${(fraction * 100).toFixed(0)} %`),
      });
      terminal.out(options.json ? JSON.stringify({ folder, model }, null, 2) : folder);
    });

  models
    .command('remove')
    .argument('<name>')
    .description('Remove an imported model')
    .action(async (name: string) => {
      await store.remove(name);
      terminal.log(`Removed ${name}.`);
    });

  models
    .command('export-triton')
    .argument('<folder>', "a new folder, the server's model repository")
    .description('Write the networks as NVIDIA Triton serves them to many seats')
    .addOption(
      new Option('--backend <backend>', 'what runs them there')
        .choices(['onnxruntime', 'python'])
        .default('onnxruntime'),
    )
    .option('--cpu', 'for a server without a GPU')
    .action(async (folder: string, options: { backend: 'onnxruntime' | 'python'; cpu?: true }) => {
      const { backend } = options;
      const processor = options.cpu || backend === 'python' ? 'cpu' : 'gpu';
      const list = await store.list();
      for (const name of await writeTritonRepository(folder, list, { backend, processor })) {
        terminal.out(name);
      }
    });

  models
    .command('verify')
    .argument('[name]', 'all of them, when left out')
    .description('Check that the files of a model are as they were written')
    .option('--json', 'print as JSON')
    .action(async (name: string | undefined, options: { json?: true }) => {
      const list = await store.list();
      const chosen = name === undefined ? list : list.filter((model) => model.name === name);
      if (name !== undefined && chosen.length === 0) throw unknownModel(name, list);
      const verdicts = [];
      for (const model of chosen) {
        const problem = await verifyModel(model);
        verdicts.push({ name: model.name, ok: problem === null, problem });
        if (!options.json) terminal.out(`${model.name}: ${problem ?? 'as it should be'}`);
      }
      if (options.json) terminal.out(JSON.stringify(verdicts, null, 2));
      if (verdicts.some(({ ok }) => !ok)) process.exitCode = exitCodes.model;
    });
}

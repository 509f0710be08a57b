import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { processTerminal } from '../../bridge-server/cli/terminal';
import { createFaceFinder } from '../../bridge-server/faces';
import { packageFolder } from '../../bridge-server/folders';
import type { Engine } from '../../bridge-server/inference/engine';
import { cpuThreads, createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import { toPspError } from '../../protocol/errors';
import { alignFolder } from './alignFolder';
import { drawSheet } from './photographs/drawSheet';
import { measureFrontal } from './photographs/measureFrontal';
import { measurePhotographs } from './photographs/measurePhotographs';
import { likeness, type Likeness } from '../../bridge-server/operations/parameters';
import { drawStrips } from './likeness/drawStrips';
import { measureEdits } from './likeness/measureEdits';
import { measureLikeness } from './likeness/measureLikeness';
import { measureRestoring } from './likeness/measureRestoring';
import { measureStaying } from './likeness/measureStaying';
import { measureTurned } from './likeness/measureTurned';
import { readYaws, summarize } from './readYaws';
import { measureRuntimes } from './runtimes';

/** What the starter's card needs from the product itself: `npm run measure:starter -- help`. */

const terminal = processTerminal();
const photograph = join(packageFolder, 'test', 'fixtures', 'astronaut.png');
const starter = join(packageFolder, 'models', 'starter');

async function withEngine(work: (engine: Engine) => Promise<void>): Promise<void> {
  const device = `CPU, ${cpuThreads()} threads`;
  const report = { provider: 'cpu', device, passedOver: [] } as const;
  const engine = createOnnxEngine({ provider: 'cpu', report });
  try {
    await work(engine);
  } finally {
    await engine.close();
  }
}

const writeJson = (path: string, value: unknown): Promise<void> =>
  writeFile(path, `${JSON.stringify(value, null, 2)}\n`);

/** What is asked of the commands that apply operations to whole photographs. */
interface Asked {
  readonly models: string;
  readonly level: string;
  readonly only: string;
}

const levelOf = (name: string): Likeness =>
  likeness.choices.find(({ value }) => value === name)?.value ?? 'close';

const program = new Command('measure:starter');

program
  .command('align <folder> <out>')
  .description("256² crops of every photograph's largest face, and meta.jsonl, for prepare.py")
  .action((folder: string, out: string) =>
    withEngine(async (engine) => {
      const without = await alignFolder(createFaceFinder(engine), folder, out);
      for (const name of without) terminal.out(`${name}: no usable face`);
    }),
  );

program
  .command('yaw <folder> <out.json>')
  .description('yaw of every aligned face below a folder; null where no face is found')
  .action((folder: string, out: string) =>
    withEngine(async (engine) => {
      const yaws = await readYaws(createFaceFinder(engine), folder);
      await writeJson(out, yaws);
      for (const { folder: group, pictures, usable, meanAbsYaw } of summarize(yaws)) {
        const mean = usable > 0 ? `, mean |yaw| ${meanAbsYaw.toFixed(3)}` : '';
        terminal.out(`${group}: a face in ${usable} of ${pictures}${mean}`);
      }
    }),
  );

program
  .command('runtime <out.json>')
  .description('milliseconds of every operation on the astronaut photograph, on the CPU')
  .option('--models <folder>', 'other packages than the starter', starter)
  .option('--runs <count>', 'runs to take the median of', '9')
  .action((out: string, { models, runs }: { models: string; runs: string }) =>
    withEngine(async (engine) => {
      const runtimes = await measureRuntimes(engine, models, photograph, Number(runs));
      await writeJson(out, { device: engine.report.device, runs: Number(runs), runtimes });
      for (const [operation, { network, whole }] of Object.entries(runtimes)) {
        terminal.out(
          `${operation}: networks ${network.toFixed(0)} ms, whole ${whole.toFixed(0)} ms`,
        );
      }
    }),
  );

program
  .command('photographs <folder> <out.json>')
  .description('one pass of every operation on the faces of a folder: identity and L2 at 256²')
  .option('--models <folder>', 'other packages than the starter', starter)
  .action((folder: string, out: string, { models }: { models: string }) =>
    withEngine(async (engine) => {
      const measured = await measurePhotographs(engine, models, folder);
      await writeJson(out, measured);
      for (const [name, { identity, l2 }] of Object.entries(measured.rows)) {
        terminal.out(`${name}: identity ${identity.toFixed(3)}, L2 ${l2.toFixed(4)}`);
      }
    }),
  );

program
  .command('frontal <out.json>')
  .description(
    'Frontalize on drawn faces that look aside: the yaw left, identity to the true frontal',
  )
  .option('--models <folder>', 'other packages than the starter', starter)
  .option('--count <faces>', 'faces to draw', '80')
  .option('--level <name>', 'likeness', 'close')
  .action((out: string, { models, count, level }: Omit<Asked, 'only'> & { count: string }) =>
    withEngine(async (engine) => {
      const measured = await measureFrontal(engine, models, Number(count), levelOf(level));
      await writeJson(out, measured);
      terminal.out(JSON.stringify(measured));
    }),
  );

program
  .command('sheet <folder> <out.png>')
  .description(
    'results of the first eight photographs by name: reconstruct, super-resolve ×8, frontalize',
  )
  .option('--models <folder>', 'other packages than the starter', starter)
  .action((folder: string, out: string, { models }: { models: string }) =>
    withEngine(async (engine) => writeFile(out, await drawSheet(engine, models, folder))),
  );

program
  .command('likeness <folder> <out.json>')
  .description('how much reconstructions of a folder of photographs are their persons')
  .option('--models <folder>', 'other packages than the starter', starter)
  .option('--levels <names>', 'what to measure, with commas', 'fast,close,closest')
  .option('--same <beginning>', 'names that begin so show one person')
  .action(
    (folder: string, out: string, options: { models: string; levels: string; same?: string }) =>
      withEngine(async (engine) => {
        const levels = likeness.choices
          .map(({ value }) => value)
          .filter((value) => options.levels.split(',').includes(value));
        const { models, same = null } = options;
        const log = terminal.out.bind(terminal);
        await writeJson(out, await measureLikeness(engine, models, folder, levels, same, log));
      }),
  );

for (const { name, description, measure } of [
  {
    name: 'restoring',
    description: 'inpaint around three holes and super-resolve from three sizes, on photographs',
    measure: measureRestoring,
  },
  {
    name: 'edits',
    description: 'heads turned and smiles on photographs: faces found again, likeness to before',
    measure: measureEdits,
  },
  {
    name: 'turned',
    description: 'Frontalize on photographs of turned heads: yaw left, likeness to before',
    measure: measureTurned,
  },
  {
    name: 'staying',
    description: 'light and colours changed on photographs: detail that stays, likeness to before',
    measure: measureStaying,
  },
]) {
  program
    .command(`${name} <folder> <out.json>`)
    .description(description)
    .option('--models <folder>', 'other packages than the starter', starter)
    .option('--level <name>', 'likeness', 'close')
    .option('--only <pattern>', 'of the photographs, those whose names match', '')
    .action((folder: string, out: string, { models, level, only }: Asked) =>
      withEngine(async (engine) => {
        const log = terminal.out.bind(terminal);
        const asked = { models, folder, level: levelOf(level), only: new RegExp(only) };
        await writeJson(out, await measure({ engine, log, ...asked }));
      }),
    );
}

program
  .command('strips <folder> <out>')
  .description('a picture for every photograph: five values of every slider of Edit')
  .option('--models <folder>', 'other packages than the starter', starter)
  .option('--level <name>', 'likeness', 'close')
  .option('--only <pattern>', 'of the photographs, those whose names match', '')
  .action((folder: string, out: string, { models, level, only }: Asked) =>
    withEngine((engine) => {
      const log = terminal.out.bind(terminal);
      const asked = { models, folder, level: levelOf(level), only: new RegExp(only) };
      return drawStrips({ engine, log, ...asked }, out);
    }),
  );

program.parseAsync().catch((error: unknown) => {
  terminal.log(`measure:starter: ${toPspError(error).message}`);
  process.exitCode = 1;
});

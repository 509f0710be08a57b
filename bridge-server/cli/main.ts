#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { PspError, toPspError } from '../../protocol/errors';
import { productVersion } from '../folders';
import { addApplyCommand } from './apply';
import { addBatchCommand } from './batch';
import { createContext } from './context';
import { addDoctorCommand } from './doctor';
import { exitCodeOf, exitCodes } from './exitCodes';
import { addFacesCommand } from './faces';
import { gimpCommand } from './gimp';
import { kritaCommand } from './krita';
import { addModelsCommand } from './models';
import { addPairCommand } from './pair';
import { addServeCommand } from './serve';

async function main(): Promise<void> {
  const cancel = new AbortController();
  // Farms end a task by SIGTERM, and kill it a while later.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => cancel.abort());
  }
  const context = createContext(cancel.signal);
  const program = new Command('psp-layers')
    .description('Faces frontalized, super-resolved, inpainted or re-styled, as new layers.')
    .version(productVersion)
    .option('--verbose', 'print the whole story of an error')
    .exitOverride();
  addApplyCommand(program, context);
  addBatchCommand(program, context);
  addFacesCommand(program, context);
  addModelsCommand(program, context);
  addServeCommand(program, context);
  addPairCommand(program, context);
  addDoctorCommand(program, context);
  for (const plugIn of [gimpCommand, kritaCommand]) {
    program.addCommand(plugIn((line) => context.terminal.out(line)));
  }

  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error, program.opts<{ verbose?: true }>().verbose === true);
  } finally {
    await context.close();
  }

  function report(error: unknown, verbose: boolean): number {
    // Commander has said what was wrong with the command line, or printed the help asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.badInput;
    const told = toPspError(error);
    const failure =
      cancel.signal.aborted && told.code !== 'CANCELLED'
        ? new PspError('CANCELLED', 'Cancelled.', { cause: error })
        : told;
    context.terminal.log(`psp-layers: ${failure.message}`);
    if (verbose) context.terminal.log(JSON.stringify(failure) + '\n' + chain(failure));
    return exitCodeOf(failure.code);
  }
}

/** The stacks of an error and of everything that caused it. */
function chain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${chain(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

void main();

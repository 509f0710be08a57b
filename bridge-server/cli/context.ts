import type { Processor } from '../processor/processor';
import { operations, type Registry } from '../operations/registry';
import { openProcessor } from '../openProcessor';
import { processTerminal, type Terminal } from './terminal';

/** What every command works with; the processor is opened by the first that needs it. */
export interface CommandContext {
  readonly operations: Registry;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C, or by who ends the process. */
  readonly signal: AbortSignal;
  processor(): Promise<Processor>;
  /** Lets go of the processor; the next command that needs one opens another. */
  close(): Promise<void>;
}

export function createContext(signal: AbortSignal): CommandContext {
  let processor: Promise<Processor> | undefined;
  return {
    operations,
    terminal: processTerminal(),
    signal,
    processor: () => (processor ??= openProcessor()),
    close: async () => {
      const opened = processor;
      processor = undefined;
      await (await opened)?.close();
    },
  };
}

import { PspError } from '../../protocol/errors';

export interface Death {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what the process wrote to stderr. */
  readonly lastWords: string;
}

const memoryWords = /heap out of memory|bad_alloc|out of memory|cannot allocate memory/i;

/** What to tell the user whose job was in the inference process when it died. */
export function causeOfDeath({ exitCode, signal, lastWords }: Death): PspError {
  // The kernel's out-of-memory killer sends SIGKILL; nobody else here does unasked.
  if (signal === 'SIGKILL' || memoryWords.test(lastWords)) {
    return new PspError(
      'OUT_OF_MEMORY',
      'The inference process was ended for want of memory and has been started again. Close other programs, or choose fewer faces or variants, and run it again.',
      { retryable: true },
    );
  }
  const how = signal ? `by ${signal}` : `with exit code ${exitCode}`;
  return new PspError(
    'INFERENCE_FAILED',
    `The inference process ended ${how} during this job and has been started again. Run it again; if it happens once more, "psp-layers doctor" says what runs the networks.`,
    { retryable: true },
  );
}

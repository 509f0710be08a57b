import { PspError, type ErrorCode } from '../../../protocol/errors';
import type { Terminal } from '../terminal';
import type { BatchResult } from './runBatch';

/** What no other time and no other machine would mend: it lies in the file. */
const ofTheFile: ReadonlySet<ErrorCode> = new Set([
  'BAD_INPUT',
  'TOO_LARGE',
  'NOT_FOUND',
  'NO_FACE',
  'FACE_TOO_SMALL',
  'FACE_TURNED_AWAY',
]);

export interface SummaryOptions {
  readonly json: boolean;
  /** Whether a file that was dealt with, and gave no result, is a success. */
  readonly allowFailures: boolean;
}

/** Tells what was done. @returns why the run is no success, for the exit code; `null` where it is one */
export function summarize(
  result: BatchResult,
  stopped: PspError | null,
  terminal: Terminal,
  { json, allowFailures }: SummaryOptions,
): PspError | null {
  const { done, earlier, failed, remaining } = result;
  const files = done.length + earlier.length + failed.length + remaining.length;
  if (json) {
    terminal.out(JSON.stringify(result, null, 2));
  } else {
    for (const { remarks } of done) for (const remark of remarks) terminal.log(remark);
    for (const outcome of done) for (const file of outcome.files) terminal.out(file);
    if (earlier.length > 0) terminal.log(`${earlier.length} were done by an earlier run.`);
    for (const { input, reason } of failed) terminal.log(`FAILED ${input}\n  ${reason}`);
    terminal.log(`${done.length + earlier.length} of ${files} files are done.`);
  }
  const left = `${remaining.length} of ${files} files left. The same command goes on from here.`;
  if (stopped) {
    return new PspError(stopped.code, `${stopped.message} Stopped with ${left}`, {
      cause: stopped,
    });
  }
  if (remaining.length > 0) return new PspError('CANCELLED', `Stopped with ${left}`);
  const counted = allowFailures ? failed.filter(({ code }) => !ofTheFile.has(code)) : failed;
  if (counted.length === 0) return null;
  return new PspError(counted[0]!.code, `${counted.length} of ${files} files failed.`);
}

import { PspError } from '../../../protocol/errors';
import type { Answer } from './call';
import { reasonOf } from './message';

/** Whether the same call may well succeed in a moment: a run has no side effects. */
export interface Failure {
  readonly error: PspError;
  readonly again: boolean;
}

/** What of the system's connection errors means "not there" rather than "never will be". */
const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ECUTOFF',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Whose fault it was, for every answer that is no success. `served` names the network in words. */
export function failureOf({ status, body }: Answer, host: string, served: string): Failure {
  const reason = reasonOf(body) || `status ${status}`;
  const failed = (
    code: ConstructorParameters<typeof PspError>[0],
    message: string,
    again = false,
  ) => ({
    error: new PspError(code, message, { retryable: again }),
    again,
  });
  switch (status) {
    case 401:
    case 403:
      return failed(
        'NOT_PAIRED',
        `The inference server ${host} refused the key. Check the file that PSP_LAYERS_INFERENCE_HEADERS names.`,
      );
    case 404:
    case 501:
      return failed(
        'MODEL_MISSING',
        `The inference server ${host} does not serve ${served}: ${reason}. Write its repository anew with "psp-layers models export-triton".`,
      );
    case 413:
      return failed(
        'TOO_LARGE',
        `The inference server ${host} takes no call of this size: ${reason}.`,
      );
    case 502:
    case 503:
    case 504:
      return /queue/i.test(reason)
        ? failed('BUSY', `The inference server ${host} has too many calls waiting.`, true)
        : failed('CONNECTION_LOST', `The inference server ${host} is away: ${reason}.`, true);
    default:
      return failed(
        'INFERENCE_FAILED',
        `The inference server ${host} could not run ${served}: ${reason}.`,
      );
  }
}

/** A call that had no answer at all. */
export function failureToCall(thrown: unknown, host: string): Failure {
  const code =
    typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
  const again = typeof code === 'string' && lostCodes.has(code);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const error = new PspError(
    'CONNECTION_LOST',
    `The inference server ${host} cannot be reached: ${reason}. Check that it runs and that PSP_LAYERS_INFERENCE names it.`,
    { retryable: true, cause: thrown },
  );
  return { error, again };
}

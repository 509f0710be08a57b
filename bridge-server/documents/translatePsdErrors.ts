import { isPsdError, type PsdErrorCode } from '../../psd';
import { PspError, type ErrorCode } from '../../protocol/errors';

const codes: Readonly<Record<PsdErrorCode, ErrorCode>> = {
  NOT_PSD: 'BAD_INPUT',
  DAMAGED: 'BAD_INPUT',
  UNSUPPORTED: 'BAD_INPUT',
  BAD_LAYER: 'INTERNAL',
  NO_SUCH_LAYER: 'NOT_FOUND',
  TOO_LARGE: 'TOO_LARGE',
};

/** Puts the file's name before what `psd/` says, and says it in the project's own error. */
export async function translatePsdErrors<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isPsdError(cause)) throw cause;
    throw new PspError(codes[cause.code], `${file}: ${cause.message}`, { cause });
  }
}

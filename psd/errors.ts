/** Every failure of reading or writing PSD and PSB, as a closed set. */
export type PsdErrorCode =
  | 'NOT_PSD' // the bytes are something else
  | 'DAMAGED' // truncated, or lengths that contradict each other
  | 'UNSUPPORTED' // a valid document of a kind that is not handled (CMYK, Lab, 1 bit, …)
  | 'NO_SUCH_LAYER'
  | 'BAD_LAYER' // a new layer that cannot be written
  | 'TOO_LARGE'; // over a limit of the format or of this reader

const brand = 'psp-layers/psd-error';

/**
 * The one error of this folder. Recognised by brand, so that it survives realms and bundles.
 * The message says what was met, what is allowed and what to do.
 */
export class PsdError extends Error {
  readonly brand = brand;

  constructor(
    readonly code: PsdErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'PsdError';
  }
}

export function isPsdError(value: unknown): value is PsdError {
  return typeof value === 'object' && value !== null && 'brand' in value && value.brand === brand;
}

/** A file that contradicts itself; `what` completes "The PSD file is damaged: …". */
export const damaged = (what: string, cause?: unknown): PsdError =>
  new PsdError(
    'DAMAGED',
    `The PSD file is damaged: ${what}. Open it in its editor and save it again.`,
    cause === undefined ? {} : { cause },
  );

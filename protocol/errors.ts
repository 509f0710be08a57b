/** Every failure a user can meet, as a closed set: hosts translate by code, people read the message. */
export const errorCodes = [
  'BAD_INPUT', // a file, layer, mask or parameter that cannot be used
  'BAD_CHECKPOINT', // a model file that is damaged, hostile or not pSp
  'NO_FACE',
  'FACE_TOO_SMALL',
  'FACE_TURNED_AWAY',
  'MODEL_MISSING',
  'TOO_LARGE', // over a stated limit
  'BAD_MESSAGE', // protocol breach
  'WRONG_VERSION',
  'NOT_PAIRED',
  'NOT_FOUND',
  'BUSY',
  'CANCELLED',
  'CONNECTION_LOST',
  'INFERENCE_FAILED',
  'OUT_OF_MEMORY',
  'OUTPUT_FAILED', // disk full, no permission
  'DOCUMENT_CHANGED',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorShape {
  readonly code: ErrorCode;
  /** What happened, the value met against the one allowed, and what to do next. */
  readonly message: string;
  /** True when the same request may succeed later unchanged. */
  readonly retryable: boolean;
}

const brand = 'psp-layers/error';

/** The one error type of the project. Recognised by brand, so that it survives realms and bundles. */
export class PspError extends Error implements ErrorShape {
  readonly brand = brand;
  readonly retryable: boolean;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'PspError';
    this.retryable = options.retryable ?? false;
  }

  /** The error that `toJSON` was made from, in another process. */
  static from({ code, message, retryable }: ErrorShape): PspError {
    return new PspError(code, message, { retryable });
  }

  /** The part that may travel: no stack, no cause. */
  toJSON(): ErrorShape {
    return { code: this.code, message: this.message, retryable: this.retryable };
  }
}

export function isPspError(value: unknown): value is PspError {
  return typeof value === 'object' && value !== null && 'brand' in value && value.brand === brand;
}

/** Wraps what is unknown as INTERNAL; call it in one place per process. */
export function toPspError(value: unknown): PspError {
  if (isPspError(value)) return value;
  // ORT's and other realms' errors are not `instanceof Error`: read the message by shape.
  const message =
    typeof value === 'object' && value !== null && 'message' in value
      ? String(value.message)
      : String(value);
  return new PspError('INTERNAL', `Something unexpected went wrong: ${message}`, { cause: value });
}

/** Why a checkpoint could not be converted. */
export type ConvertErrorCode =
  | 'TRUNCATED' // the file ends before what it announces
  | 'CORRUPT' // the bytes contradict themselves
  | 'HOSTILE' // asks for something no checkpoint needs
  | 'FOREIGN' // sound, but not a pSp checkpoint
  | 'UNSUPPORTED' // pSp, but of a kind that is not handled
  | 'BAD_OPTION' // an option of the caller that cannot be used
  | 'CANCELLED';

const brand = 'psp-layers/convert-error';

/** The converter's one error type. Recognised by brand, so that it survives realms and bundles. */
export class ConvertError extends Error {
  readonly brand = brand;

  constructor(
    readonly code: ConvertErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'ConvertError';
  }
}

export function isConvertError(value: unknown): value is ConvertError {
  return typeof value === 'object' && value !== null && 'brand' in value && value.brand === brand;
}

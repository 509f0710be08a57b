import { isPspError, PspError } from '../../../../protocol/errors';

/** `e.number` of Photoshop's refusal while something else holds its modal state. */
const modalStateTaken = 9;

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;

export const isModalStateTaken = (error: unknown): boolean =>
  fieldOf(error, 'number') === modalStateTaken;

/** What imaging throws for a region without pixels, which for us is no error at all (measured on 27.x). */
export const isEmptyRegion = (error: unknown): boolean =>
  String(fieldOf(error, 'message')).includes('invalid empty image region');

/** Photoshop's failures in our words; everything else stays as it is for `toPspError`. */
export function translateHostError(error: unknown): unknown {
  if (isPspError(error)) return error;
  if (isModalStateTaken(error)) {
    return new PspError(
      'BUSY',
      'Photoshop is busy with a dialog, a transformation or another plug-in. Finish that, then run this again.',
      { retryable: true, cause: error },
    );
  }
  // English and localised versions alike spell the descriptor's reason this way.
  if (/user (has )?cancell?ed/i.test(String(fieldOf(error, 'message')))) {
    return new PspError('CANCELLED', 'Cancelled. Nothing was changed.', { cause: error });
  }
  return error;
}

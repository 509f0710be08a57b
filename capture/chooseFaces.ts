import { PspError, type ErrorCode } from '../protocol/errors';
import { minQuadSide, type Face, type FaceChoice, type FaceRefusal } from '../protocol/face';

/** A face and its number, counted from 1, largest first. */
export interface ChosenFace {
  readonly face: Face;
  readonly faceNumber: number;
}

const refusals: Record<FaceRefusal, { code: ErrorCode; words: string }> = {
  'too-small': {
    code: 'FACE_TOO_SMALL',
    words: `is too small: its crop needs ${minQuadSide} pixels a side (about 10 from eye to eye). Enlarge the layer or use a picture with more pixels.`,
  },
  'turned-away': {
    code: 'FACE_TURNED_AWAY',
    words: 'is turned too far from the camera to align. Choose a face that shows both eyes.',
  },
  unclear: {
    code: 'NO_FACE',
    words:
      'cannot be made out surely: it may be covered, blurred or turned far away. Choose another.',
  },
  unusable: { code: 'NO_FACE', words: 'cannot be worked on. Choose another.' },
};

/**
 * The faces to work on. "All" leaves out those that cannot be worked on as long as one can; a face
 * asked for by number, or the largest, is refused with its own reason.
 * @param where What was searched, for the message: `the layer "Portrait"`, `photo.jpg`.
 * @throws PspError NO_FACE, FACE_TOO_SMALL, FACE_TURNED_AWAY; BAD_INPUT for a number that does not exist.
 */
export function chooseFaces(
  faces: readonly Face[],
  choice: FaceChoice,
  where = 'the picture',
): readonly ChosenFace[] {
  if (faces.length === 0) {
    throw new PspError(
      'NO_FACE',
      `No face was found in ${where}. Use a picture that shows a face from the front or in three-quarter view, upright and with both eyes free.`,
    );
  }
  const chosen = facesChosen(faces, choice);
  if (chosen.length === 0) {
    const range = faces.length === 1 ? 'there is only face 1' : `choose from 1 to ${faces.length}`;
    throw new PspError('BAD_INPUT', `There is no face ${choice} in ${where}: ${range}.`);
  }
  for (const one of chosen) requireUsable(one, where);
  return chosen;
}

/** Which faces a choice means, usable or not; none where there is no such face. */
export function facesChosen(faces: readonly Face[], choice: FaceChoice): readonly ChosenFace[] {
  const numbered = faces.map((face, i) => ({ face, faceNumber: i + 1 }));
  const usable = numbered.filter(({ face }) => face.refusal === null);
  if (choice === 'all' && usable.length > 0) return usable;
  const one = typeof choice === 'number' ? numbered[choice - 1] : (usable[0] ?? numbered[0]);
  return one ? [one] : [];
}

/** @throws PspError FACE_TOO_SMALL, FACE_TURNED_AWAY when the face carries a refusal */
export function requireUsable({ face, faceNumber }: ChosenFace, where = 'the layer'): void {
  if (face.refusal === null) return;
  const { code, words } = refusals[face.refusal];
  throw new PspError(code, `Face ${faceNumber} in ${where} ${words}`);
}

import { facesChosen } from '../../capture/chooseFaces';
import { headReach, type Face, type FaceChoice } from '../../protocol/face';
import type { OperationDeclaration } from '../../protocol/operation';

/**
 * Whether a chosen face is turned so far that what is drawn of it may look like somebody else: half of the head
 * was never seen.
 * @param faces of the layer, largest first
 */
export function turnedFar(
  { input, composition }: Pick<OperationDeclaration, 'input' | 'composition'>,
  faces: readonly Face[],
  choice: FaceChoice,
): boolean {
  // A hole and detail are drawn within the head as it is.
  if (input !== 'face' || composition === 'fill' || composition === 'band') return false;
  return facesChosen(faces, choice).some(
    ({ face }) => face.refusal === null && headReach(face) !== 0,
  );
}

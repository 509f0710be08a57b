import { cropSide, type Face } from '../../protocol/face';
import type { OperationDeclaration } from '../../protocol/operation';

/** Beyond this the difference in sharpness shows. */
const visible = 1.1;

/**
 * Pixels a side of the largest face that can be worked on where it is finer than what the model draws, so that
 * the drawn parts will look softer; `null` where it is not, or where the photograph's own detail stays.
 * @param faces of the layer, largest first
 */
export function finerThanModel(
  { input, composition }: Pick<OperationDeclaration, 'input' | 'composition'>,
  resolution: number,
  faces: readonly Face[],
): number | null {
  const largest = faces.find(({ refusal }) => refusal === null);
  if (!largest || input !== 'face' || composition === 'band') return null;
  const side = Math.round(cropSide(largest));
  return side > resolution * visible ? side : null;
}

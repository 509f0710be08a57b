import { chooseFaces } from '../../capture/chooseFaces';
import { faceRegion, transformFace, type FaceChoice } from '../../protocol/face';
import type { FacePart } from '../../protocol/facePart';
import type { Bridge } from './bridge/bridge';
import type { FoundFaces } from './captureLayer';
import type { DocumentHost, MaskedArea } from './document';

/**
 * A part of the chosen faces, at the layer's own resolution; faces that do not show it are left out.
 * @returns of each face that shows it, somewhere more than nothing
 * @throws PspError NO_FACE, FACE_TOO_SMALL, FACE_TURNED_AWAY, DOCUMENT_CHANGED, TOO_LARGE
 */
export async function findPart(
  host: DocumentHost,
  bridge: Bridge,
  { target, faces }: FoundFaces,
  choice: FaceChoice,
  part: FacePart,
): Promise<readonly MaskedArea[]> {
  const parts: MaskedArea[] = [];
  for (const { face } of chooseFaces(faces, choice, `the layer "${target.layerName}"`)) {
    const bounds = faceRegion(face, target.bounds);
    const { quad } = transformFace(face, 1, { x: -bounds.left, y: -bounds.top });
    const mask = await bridge.selectPart(await host.readRegion(target, bounds), quad, part);
    // Less than half selected everywhere is nothing that anybody would see.
    if (mask.data.some((value) => value > 127)) parts.push({ bounds, mask });
  }
  return parts;
}

import { capture, type CaptureSource } from '../../capture/capture';
import { PspError } from '../../protocol/errors';
import { transformFace, type Face } from '../../protocol/face';
import { boundsHeight, boundsWidth } from '../../protocol/geometry';
import type { Region } from '../../protocol/job';
import type { Bridge } from './bridge/bridge';
import type { DocumentHost, LayerTarget, Preview } from './document';
import type { Order } from './order';

/** Faces are found in a preview of this size: the smallest face worth working on is 20 pixels in it. */
export const previewSide = 1024;

/** Faces of one layer at one moment, in the document's pixels, largest first. */
export interface FoundFaces {
  readonly target: LayerTarget;
  readonly preview: Preview;
  readonly faces: readonly Face[];
}

export async function findFaces(
  host: DocumentHost,
  bridge: Bridge,
  target: LayerTarget,
  onStarted?: (cancel: () => void) => void,
): Promise<FoundFaces> {
  const preview = await host.readPreview(target, previewSide);
  const { bounds, pixels } = preview;
  const scale = boundsWidth(bounds) / pixels.width;
  const found = await bridge.findFaces(pixels, scale, onStarted);
  const corner = { x: bounds.left, y: bounds.top };
  return { target, preview, faces: found.map((face) => transformFace(face, scale, corner)) };
}

export const sameLayerState = (a: LayerTarget, b: LayerTarget): boolean =>
  a.documentId === b.documentId && a.layerId === b.layerId && a.revision === b.revision;

/**
 * Reads what an order needs of a layer, at full resolution: the faces' rectangles, or the layer.
 * @param known faces found earlier; used only while the layer is still the same
 * @throws PspError BAD_INPUT, NO_FACE, FACE_TOO_SMALL, FACE_TURNED_AWAY, DOCUMENT_CHANGED
 */
export async function captureLayer(
  host: DocumentHost,
  bridge: Bridge,
  target: LayerTarget,
  order: Order,
  known: FoundFaces | null,
): Promise<readonly Region[]> {
  if (target.refusal !== null) throw new PspError('BAD_INPUT', target.refusal);
  if (boundsWidth(target.bounds) === 0 || boundsHeight(target.bounds) === 0) {
    throw new PspError(
      'BAD_INPUT',
      `The layer "${target.layerName}" is empty. Select a layer with pixels.`,
    );
  }
  const source: CaptureSource = {
    where: `the layer "${target.layerName}"`,
    bounds: target.bounds,
    findFaces: async () => {
      const isKnown = known !== null && sameLayerState(known.target, target);
      return (isKnown ? known : await findFaces(host, bridge, target)).faces;
    },
    readPixels: (bounds) => host.readRegion(target, bounds),
    readSelection: (bounds) => host.readSelectionMask(target, bounds),
  };
  return capture(source, order);
}

import { PspError } from '../../protocol/errors';
import { faceRegion, transformFace, type Face } from '../../protocol/face';
import { boundsHeight, boundsWidth } from '../../protocol/geometry';
import { isErased, rasterMax, type Raster } from '../../protocol/raster';
import type { Region } from '../../protocol/job';
import type { Bridge } from './bridge';
import type { DocumentHost, LayerTarget, Preview } from './document';
import { chooseFaces, type Order } from './order';

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
export async function capture(
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
  const regions = await captureRegions(host, bridge, target, order, known);
  return order.operation.mask === 'required' ? withHoles(order, regions) : regions;
}

async function captureRegions(
  host: DocumentHost,
  bridge: Bridge,
  target: LayerTarget,
  order: Order,
  known: FoundFaces | null,
): Promise<readonly Region[]> {
  const { input } = order.operation;
  if (input === 'sketch' || input === 'label-map') {
    return [await readRegion(host, target, order, null)];
  }
  const found =
    known && sameLayerState(known.target, target) ? known : await findFaces(host, bridge, target);
  // Domains without human faces (cats, paintings) are shown the whole layer.
  if (input === 'face-or-layer' && found.faces.length === 0) {
    return [await readRegion(host, target, order, null)];
  }
  const regions: Region[] = [];
  for (const chosen of chooseFaces(found.faces, order.faces, target.layerName)) {
    regions.push(await readRegion(host, target, order, chosen));
  }
  return regions;
}

async function readRegion(
  host: DocumentHost,
  target: LayerTarget,
  order: Order,
  chosen: { readonly face: Face; readonly number: number } | null,
): Promise<Region> {
  const bounds = chosen ? faceRegion(chosen.face, target.bounds) : target.bounds;
  const reads = order.operation.mask === 'required' && order.hole === 'selection';
  return {
    bounds,
    pixels: await host.readRegion(target, bounds),
    face: chosen?.face ?? null,
    faceNumber: chosen?.number ?? null,
    hole: reads ? await host.readSelectionMask(target, bounds) : null,
    latents: null,
  };
}

/**
 * The faces that have something to fill; the others are left alone. Without any it is refused here,
 * in the editor's own words, rather than after the pixels have travelled.
 */
function withHoles(order: Order, regions: readonly Region[]): readonly Region[] {
  const refuse = (message: string): never => {
    throw new PspError('BAD_INPUT', message);
  };
  if (order.hole === 'transparency') {
    const clear = regions.filter(({ pixels }) => hasErasedPixel(pixels));
    if (clear.length > 0) return clear;
    return refuse(
      'This face has no transparent pixels to fill. Erase a part of it, or fill a selection instead.',
    );
  }
  if (regions.every(({ hole }) => hole === null)) {
    return refuse('Nothing is selected. Select the part of the face to fill.');
  }
  const touched = regions.filter(({ hole }) => hole?.data.some((value) => value > 0));
  if (touched.length > 0) return touched;
  return refuse('The selection does not touch this face. Select the part of the face to fill.');
}

function hasErasedPixel(raster: Raster): boolean {
  const max = rasterMax(raster);
  const { data } = raster;
  for (let i = 3; i < data.length; i += 4) if (isErased(data[i]!, max)) return true;
  return false;
}

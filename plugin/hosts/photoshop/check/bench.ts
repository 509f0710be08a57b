import type { DocumentHost, LayerCommit, LayerTarget, NewLayer } from '../../../core/document';
import type { Bounds } from '../../../../protocol/geometry';
import type { Raster } from '../../../../protocol/raster';
import type { ExecutionContext, PhotoshopApi, PhotoshopDocument, PhotoshopImageData } from '../api';
import { srgb } from '../document/documentColour';
import type { Editor } from '../document/editor';
import type { UxpStorage } from '../platform';

/** What the checks work with, within one modal scope. */
export interface Bench {
  readonly api: PhotoshopApi;
  readonly storage: UxpStorage;
  readonly localStorage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly context: ExecutionContext;
  /** Enters the scope that is open already. */
  readonly editor: Editor;
  /** The plug-in's own way into Photoshop. */
  readonly host: DocumentHost;
}

/** @throws what was seen instead */
export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

export const scratchSize = { width: 64, height: 48 } as const;

/** In front, with one empty layer; closed with all others when the check ends. */
export async function scratchDocument(
  { api, host }: Bench,
  depth: 8 | 16 = 8,
): Promise<{ readonly document: PhotoshopDocument; readonly target: LayerTarget }> {
  const document = await api.app.createDocument({
    ...scratchSize,
    name: 'pSp Layers check',
    resolution: 72,
    mode: api.constants.NewDocumentMode.RGB,
    depth,
    profile: srgb,
    fill: api.constants.DocumentFill.TRANSPARENT,
  });
  must(document !== null, 'createDocument answered nothing');
  const [target] = await host.listTargets('selected-layers');
  must(target !== undefined, 'the new document has no selected layer');
  return { document, target };
}

/** Where results of the check lie: within the canvas, at a place that is nowhere else's. */
export const place: Bounds = { left: 10, top: 6, right: 26, bottom: 22 };
const side = 16;
/** Left half opaque, right half half transparent: premultiplied, the right one would come back darker. */
const colours = [
  [200, 100, 50, 255],
  [40, 160, 220, 128],
] as const;
const maskValue = 200;

export function sampleLayer(name: string, depth: 8 | 16 = 8): NewLayer {
  const data = new (depth === 8 ? Uint8Array : Uint16Array)(side * side * 4);
  const scale = depth === 8 ? 1 : 257;
  for (let at = 0; at < data.length; at += 4) {
    const right = (at / 4) % side >= side / 2;
    data.set(
      colours[right ? 1 : 0].map((value) => value * scale),
      at,
    );
  }
  const size = { width: side, height: side };
  const mask = { ...size, data: new Uint8Array(side * side).fill(maskValue) };
  return { name, bounds: place, pixels: { ...size, data }, mask, opacity: 1, visible: true };
}

export const commitOf = (
  layers: readonly NewLayer[],
  space: LayerCommit['space'] = { kind: 'document' },
): LayerCommit => ({ space, commandName: 'Check', groupName: 'Check', layers });

/** Of two rasters of one depth, in 8-bit steps. */
export function largestDifference(a: Raster, b: Raster): number {
  const scale = a.data instanceof Uint16Array ? 257 : 1;
  let largest = 0;
  a.data.forEach((value, i) => (largest = Math.max(largest, Math.abs(value - b.data[i]!))));
  return largest / scale;
}

/** A layer's mask in `place`, 0..255. */
export async function maskOf(
  { api }: Bench,
  documentID: number,
  layerID: number,
): Promise<readonly number[]> {
  const { imageData } = await api.imaging.getLayerMask({
    documentID,
    layerID,
    sourceBounds: place,
  });
  try {
    return await valuesOf(imageData);
  } finally {
    imageData.dispose();
  }
}

async function valuesOf(imageData: PhotoshopImageData): Promise<readonly number[]> {
  const samples = await imageData.getData({ chunky: true, fullRange: true });
  const white = { 8: 255, 16: 65535, 32: 1 }[imageData.componentSize];
  return Array.from(samples, (value) => (value * 255) / white);
}

/** @throws where the mask is not the one that was written */
export function requireMask(values: readonly number[]): void {
  const worst = values.find((value) => Math.abs(value - maskValue) > 1.5);
  must(worst === undefined, `the mask holds ${worst}, ${maskValue} was written`);
}

import { modalEditor } from '../../../../plugin/hosts/photoshop/document/editor';
import { createPhotoshopHost } from '../../../../plugin/hosts/photoshop/document/photoshopHost';
import type { LayerCommit, LayerTarget, NewLayer } from '../../../../plugin/core/document';
import { boundsHeight, boundsWidth, type Bounds } from '../../../../protocol/geometry';
import { jumpingTimers } from '../../../support/photoshop/harness';
import { FakePhotoshop, type DocumentSpec } from '../../../support/photoshop/photoshop';
import type { Colour } from '../../../support/photoshop/state';
import { FakeStorage } from '../../../support/photoshop/storage';

export const box = (left: number, top: number, right: number, bottom: number): Bounds => ({
  left,
  top,
  right,
  bottom,
});

export const opaque =
  (red: number, green = red, blue = red): (() => Colour) =>
  () => [red, green, blue, 1];

/** A host on a fake with one document, its topmost layer selected. */
export function setUp(spec: Partial<DocumentSpec> = {}) {
  const photoshop = new FakePhotoshop();
  const storage = new FakeStorage();
  const host = createPhotoshopHost(
    modalEditor(photoshop.api, jumpingTimers()),
    storage.localFileSystem,
  );
  const documentId = photoshop.openDocument({
    width: 40,
    height: 30,
    layers: [{ name: 'Photo', paint: opaque(0.8, 0.4, 0.2) }],
    ...spec,
  });
  const target = async (): Promise<LayerTarget> => (await host.listTargets('selected-layers'))[0]!;
  const names = (): readonly string[] => photoshop.layers(documentId).map((layer) => layer.name);
  return { photoshop, storage, host, documentId, target, names };
}

/** One colour (0..255) in `bounds`, with a mask of 200 everywhere. */
export function newLayer(
  name: string,
  bounds: Bounds,
  colour: readonly number[] = [128, 64, 32, 255],
): NewLayer {
  const size = { width: boundsWidth(bounds), height: boundsHeight(bounds) };
  const data = new Uint8Array(size.width * size.height * 4);
  for (let i = 0; i < data.length; i += 4) data.set(colour, i);
  const mask = { ...size, data: new Uint8Array(size.width * size.height).fill(200) };
  return { name, bounds, pixels: { ...size, data }, mask, opacity: 1, visible: true };
}

export const commitOf = (...layers: readonly NewLayer[]): LayerCommit => ({
  space: { kind: 'document' },
  commandName: 'Frontalize',
  groupName: 'Frontalize · Photo',
  layers,
});

import { shrink } from '../../plugin/core/resample';
import { BrowserHost } from '../../plugin/hosts/browser/document/browserHost';
import { replaceLayers, walkLayers, type Layer } from '../../plugin/hosts/browser/document/layer';
import { LayeredDocument } from '../../plugin/hosts/browser/document/layeredDocument';
import { pixelLayer } from '../../plugin/hosts/browser/document/newLayers';
import { enlarge, readPixels } from '../../plugin/hosts/browser/document/pixels';
import { readSelection, rectangleSelection } from '../../plugin/hosts/browser/document/selection';
import { Workspace } from '../../plugin/hosts/browser/document/workspace';
import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import type { DocumentSpec, HostHarness, LayerView, PixelLayerSpec } from '../contract/host';

export interface BrowserHarness extends HostHarness {
  readonly host: BrowserHost;
  readonly workspace: Workspace;
  /** What the host told the user. */
  readonly notices: readonly string[];
}

function painted({ name, bounds, colour, paint }: PixelLayerSpec, depth: 8 | 16) {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const length = width * height * 4;
  const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  for (let i = 0; i < width * height; i += 1) {
    const [x, y] = [bounds.left + (i % width), bounds.top + Math.floor(i / width)];
    data.set(paint?.(x, y) ?? colour, i * 4);
  }
  return pixelLayer({ name, bounds, pixels: { width, height, data } });
}

const pixelBounds = (x: number, y: number): Bounds => ({
  left: x,
  top: y,
  right: x + 1,
  bottom: y + 1,
});

function viewOf(layer: Layer, group: string | null): LayerView {
  const { name, kind, opacity, visible, mask } = layer;
  return {
    name,
    kind,
    group,
    opacity,
    visible,
    maskAt: (x, y) => (mask ? readSelection(mask, pixelBounds(x, y)).data[0]! : 255),
    pixelAt: (x, y) =>
      layer.kind === 'pixel'
        ? [...readPixels(layer.pixels, layer.bounds, pixelBounds(x, y)).data]
        : [0, 0, 0, 0],
  };
}

/** The browser's documents without a page: also the in-memory host of the core's tests. */
export function createBrowserHarness(): BrowserHarness {
  const workspace = new Workspace();
  const notices: string[] = [];
  const host = new BrowserHost(workspace, {
    shrink: async (pixels, maxSide) => shrink(pixels, maxSide),
    enlarge: async (pixels, factor) => enlarge(pixels, factor),
    chooseFolder: async () => null,
    notify: (message) => notices.push(message),
  });
  const active = () => {
    const document = workspace.active.value;
    if (!document) throw new Error('no document is open');
    return document;
  };
  const all = () => [...walkLayers(active().state.value.layers)];

  return {
    host,
    workspace,
    notices,
    async openDocument(spec: DocumentSpec) {
      const { name, width, height, depth } = spec;
      const layers = spec.layers.map((layer) => painted(layer, depth));
      const init = {
        name,
        width,
        height,
        depth,
        layers,
        psd: null,
        profile: null,
        metadata: null,
        remarks: [],
      };
      const document = new LayeredDocument(init);
      const selected = layers.filter((layer) => spec.selected.includes(layer.name));
      document.selectedIds.set(selected.map((layer) => layer.id));
      workspace.open(document);
    },
    async select(bounds) {
      const selection = bounds && rectangleSelection(bounds);
      active().apply('Select', (state) => ({ ...state, selection }));
    },
    async selectedLayers() {
      const ids = active().selectedIds.value;
      return all().flatMap(({ layer }) => (ids.includes(layer.id) ? [layer.name] : []));
    },
    async deleteLayer(name) {
      const found = all().find(({ layer }) => layer.name === name);
      if (!found) throw new Error(`no layer ${name}`);
      active().apply('Delete', (state) => ({
        ...state,
        layers: replaceLayers(state.layers, found.layer.id, () => []),
      }));
    },
    async closeDocument() {
      workspace.close(active());
    },
    async layers() {
      return all().map(({ layer, parent }) => viewOf(layer, parent?.name ?? null));
    },
    async history() {
      return active().history;
    },
    async undo() {
      active().undo();
    },
    async close() {},
  };
}

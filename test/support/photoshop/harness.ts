import { modalEditor } from '../../../plugin/hosts/photoshop/document/editor';
import { createPhotoshopHost } from '../../../plugin/hosts/photoshop/document/photoshopHost';
import type { Timers } from '../../../plugin/core/timers';
import type { DocumentSpec, HostHarness, LayerView } from '../../contract/host';
import { FakePhotoshop, type SeenLayer } from './photoshop';
import type { Colour } from './state';
import { FakeStorage } from './storage';

/** A clock that jumps: what waits is called in the next turn, and time has passed. */
export function jumpingTimers(): Timers {
  let now = 0;
  return {
    now: () => now,
    after: (milliseconds, callback) => {
      const immediate = setImmediate(() => {
        now += milliseconds;
        callback();
      });
      return () => clearImmediate(immediate);
    },
  };
}

/** The contract suite's view of the Photoshop adapter on the strict fake. */
export async function createPhotoshopHarness(): Promise<HostHarness> {
  const photoshop = new FakePhotoshop();
  const storage = new FakeStorage();
  const host = createPhotoshopHost(
    modalEditor(photoshop.api, jumpingTimers()),
    storage.localFileSystem,
  );
  const active = (): number => photoshop.world.activeId!;
  const depth = (): number => (photoshop.world.document(active()).bits === 8 ? 255 : 65535);

  const view = (layer: SeenLayer, group: string | null): readonly LayerView[] => {
    const own: LayerView = {
      name: layer.name,
      kind: layer.kind === 'group' ? 'group' : 'pixel',
      group,
      opacity: layer.opacity / 100,
      visible: layer.visible,
      maskAt: (x, y) => Math.round((layer.maskAt(x, y) ?? 1) * 255),
      pixelAt: (x, y) =>
        (layer.colourAt(x, y) ?? [0, 0, 0, 0]).map((value) => Math.round(value * depth())),
    };
    return [own, ...bottomUp(layer.children).flatMap((child) => view(child, layer.name))];
  };

  return {
    host,
    async openDocument(spec: DocumentSpec) {
      const max = spec.depth === 8 ? 255 : 65535;
      const id = photoshop.openDocument({
        title: spec.name,
        width: spec.width,
        height: spec.height,
        bits: spec.depth,
        layers: bottomUp(spec.layers).map(({ name, bounds, colour, paint }) => ({
          name,
          bounds,
          paint: (x, y) =>
            (paint?.(x, y) ?? colour).map((value) => value / max) as unknown as Colour,
        })),
      });
      photoshop.selectLayers(id, spec.selected);
    },
    select: async (bounds) => photoshop.selectArea(active(), bounds),
    selectedLayers: async () =>
      photoshop.activeLayerIds(active()).map((id) => photoshop.layer(active(), id).name),
    deleteLayer: async (name) => photoshop.deleteLayer(active(), photoshop.idOf(active(), name)),
    closeDocument: async () => photoshop.closeDocument(active()),
    layers: async () => bottomUp(photoshop.layers(active())).flatMap((layer) => view(layer, null)),
    history: async () => photoshop.history(active()),
    undo: async () => photoshop.undo(active()),
    async close() {
      const problems = photoshop.problems();
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
  };
}

/** Photoshop lists layers from the top, the contract from the bottom. */
const bottomUp = <T>(layers: readonly T[]): readonly T[] => [...layers].reverse();

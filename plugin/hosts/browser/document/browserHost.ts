import { PspError } from '../../../../protocol/errors';
import type { Bounds } from '../../../../protocol/geometry';
import type { Mask, Raster } from '../../../../protocol/raster';
import type {
  DocumentHost,
  HostChange,
  LayerChange,
  LayerCommit,
  LayerHandle,
  LayerState,
  LayerTarget,
  NewLayer,
  PictureFolder,
  Preview,
  TargetScope,
} from '../../../core/document';
import { checkSizes, commitTo } from './commitTo';
import {
  findLayer,
  removeLayer,
  replaceLayers,
  walkLayers,
  type Layer,
  type PixelLayer,
} from './layer';
import type { LayeredDocument } from './layeredDocument';
import { readPixels, toDepth } from './pixels';
import { Revisions } from './revisions';
import { readSelection } from './selection';
import type { Workspace } from './workspace';

/** What needs a browser, handed in: heavy work runs in its worker, and it can show a dialog. */
export interface BrowserServices {
  /** 8 bit, no larger than `maxSide`, never enlarged. */
  shrink(pixels: Raster, maxSide: number): Promise<Raster>;
  enlarge(pixels: Raster, factor: number): Promise<Raster>;
  chooseFolder(): Promise<PictureFolder | null>;
  notify(message: string): void;
}

/** The page's layered documents as a host. */
export class BrowserHost implements DocumentHost {
  readonly name = 'Browser';
  readonly revisions = new Revisions();

  constructor(
    private readonly workspace: Workspace,
    private readonly services: BrowserServices,
  ) {}

  async listTargets(scope: TargetScope): Promise<readonly LayerTarget[]> {
    if (scope === 'open-documents') {
      return this.workspace.documents.value.flatMap((document) =>
        this.selectedTargets(document).slice(0, 1),
      );
    }
    const document = this.workspace.active.value;
    return document ? this.selectedTargets(document) : [];
  }

  onChange(listener: (change: HostChange) => void): () => void {
    return this.workspace.onChange(() => listener('target'));
  }

  async readPreview(target: LayerTarget, maxSide: number): Promise<Preview> {
    const { pixels, bounds } = this.find(target).layer;
    return { pixels: await this.services.shrink(pixels, maxSide), bounds };
  }

  async readRegion(target: LayerTarget, bounds: Bounds): Promise<Raster> {
    const { layer } = this.find(target);
    return readPixels(layer.pixels, layer.bounds, bounds);
  }

  async readSelectionMask(target: LayerTarget, bounds: Bounds): Promise<Mask | null> {
    const { selection } = this.find(target).document.state.value;
    return selection && readSelection(selection, bounds);
  }

  async exists(layer: LayerHandle): Promise<boolean> {
    const document = this.workspace.find(layer.documentId);
    return document !== null && findLayer(document.state.value.layers, layer.layerId) !== null;
  }

  async look(handle: LayerHandle): Promise<LayerState | null> {
    if (!(await this.exists(handle))) return null;
    const { layer } = this.find(handle);
    const { opacity, visible } = layer;
    return { revision: this.revisions.of(layer.pixels), opacity, visible };
  }

  async commitLayers(target: LayerTarget, commit: LayerCommit): Promise<readonly LayerHandle[]> {
    const source = this.find(target).document;
    const { enlarge } = this.services;
    const { document, made } = await commitTo(source, target.layerId, commit, enlarge);
    if (document !== source) this.workspace.open(document);
    return this.handles(document, made);
  }

  async replaceLayer(handle: LayerHandle, commandName: string, content: NewLayer): Promise<void> {
    checkSizes(content);
    const { document, layer } = this.find(handle);
    const { name, bounds, pixels, mask, madeWith = null } = content;
    const next: PixelLayer = {
      ...layer,
      name,
      bounds,
      pixels: toDepth(pixels, document.init.depth),
      own: null,
      madeWith,
      mask: { bounds, mask, outside: 0 },
    };
    document.apply(commandName, (state) => ({
      ...state,
      layers: replaceLayers(state.layers, handle.layerId, () => [next]),
    }));
  }

  async setOpacity(handle: LayerHandle, opacity: number): Promise<void> {
    this.change(handle, 'Opacity', (layer) => ({ ...layer, opacity }));
  }

  async changeLayers(commandName: string, change: LayerChange): Promise<void> {
    const { show = [], hide = [], remove = [] } = change;
    const all = [...show, ...hide, ...remove];
    const [first] = all.map((handle) => this.find(handle));
    if (!first) return;
    const visible = (layers: readonly Layer[], handles: readonly LayerHandle[], value: boolean) =>
      handles.reduce(
        (rest, { layerId }) =>
          replaceLayers(rest, layerId, (layer) => [{ ...layer, visible: value }]),
        layers,
      );
    // Looking through variants is one step: undo gives back what was shown before.
    const thing = all.map(({ layerId }) => layerId).sort();
    first.document.amend(commandName, thing.join(' '), (state) => ({
      ...state,
      layers: remove.reduce(
        (rest, { layerId }) => removeLayer(rest, layerId),
        visible(visible(state.layers, show, true), hide, false),
      ),
    }));
  }

  chooseFolder(): Promise<PictureFolder | null> {
    return this.services.chooseFolder();
  }

  notify(message: string): void {
    this.services.notify(message);
  }

  /** The layer to work on in a document, whether it is in front or not. */
  targetOf(document: LayeredDocument): LayerTarget | null {
    return this.selectedTargets(document)[0] ?? null;
  }

  private selectedTargets(document: LayeredDocument): readonly LayerTarget[] {
    const selected = new Set(document.selectedIds.value);
    const targets: LayerTarget[] = [];
    for (const { layer } of walkLayers(document.state.value.layers)) {
      if (selected.has(layer.id)) targets.unshift(this.target(document, layer));
    }
    return targets;
  }

  private target(document: LayeredDocument, layer: Layer): LayerTarget {
    const isGroup = layer.kind === 'group';
    return {
      documentId: document.id,
      documentName: document.init.name,
      layerId: layer.id,
      layerName: layer.name,
      bounds: isGroup ? { left: 0, top: 0, right: 0, bottom: 0 } : layer.bounds,
      refusal: isGroup
        ? `"${layer.name}" is a group. Select the layer in it that shows the face.`
        : layer.refusal,
      revision: isGroup ? '' : this.revisions.of(layer.pixels),
    };
  }

  private find(handle: LayerHandle): { document: LayeredDocument; layer: PixelLayer } {
    const document = this.workspace.find(handle.documentId);
    if (!document) {
      throw new PspError('DOCUMENT_CHANGED', 'The document was closed. Open it again and repeat.');
    }
    const layer = findLayer(document.state.value.layers, handle.layerId);
    if (layer?.kind !== 'pixel') {
      throw new PspError(
        'DOCUMENT_CHANGED',
        `The layer is not in "${document.init.name}" any more. Undo its removal and repeat.`,
      );
    }
    return { document, layer };
  }

  private change(handle: LayerHandle, name: string, make: (layer: PixelLayer) => PixelLayer) {
    const { document, layer } = this.find(handle);
    const next = make(layer);
    const put = (layers: readonly Layer[]) => replaceLayers(layers, layer.id, () => [next]);
    document.amend(name, handle.layerId, (state) => ({ ...state, layers: put(state.layers) }));
  }

  /** Of the pixel layers, whether they came in a group or not. */
  private handles(document: LayeredDocument, made: readonly Layer[]): readonly LayerHandle[] {
    return [...walkLayers(made)]
      .filter(({ layer }) => layer.kind === 'pixel')
      .map(({ layer }) => ({ documentId: document.id, layerId: layer.id }));
  }
}

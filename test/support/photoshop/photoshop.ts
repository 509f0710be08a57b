import type {
  PhotoshopApi,
  PhotoshopApp,
  PhotoshopBounds,
} from '../../../plugin/hosts/photoshop/api';
import { FakeActions } from './actions';
import { constants } from './constants';
import { FakeDocument } from './dom';
import { createImaging } from './imaging';
import { whiteOf } from './colour';
import {
  cloneDocument,
  colourAt,
  drawPlane,
  findLayer,
  heightOf,
  widthOf,
  type Colour,
  type DocumentState,
  type LayerState,
  type Plane,
} from './state';
import { realBounds, World } from './world';

export interface LayerSpec {
  readonly name: string;
  readonly kind?: string;
  readonly bounds?: PhotoshopBounds;
  /** sRGB, 0..1, straight alpha. */
  readonly paint?: (x: number, y: number) => Colour;
  readonly background?: boolean;
  readonly visible?: boolean;
  readonly locked?: boolean;
  readonly opacity?: number;
  readonly clipped?: boolean;
  readonly children?: readonly LayerSpec[];
}

export interface DocumentSpec {
  readonly title?: string;
  readonly mode?: string;
  readonly bits?: 8 | 16 | 32;
  readonly profile?: string;
  readonly width: number;
  readonly height: number;
  /** Topmost first. The first one is active. */
  readonly layers: readonly LayerSpec[];
}

/** A layer as a person sees it. */
export interface SeenLayer {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  readonly visible: boolean;
  readonly opacity: number;
  readonly bounds: PhotoshopBounds;
  readonly children: readonly SeenLayer[];
  /** sRGB with the layer's alpha; `null` where it has no pixel. */
  colourAt(x: number, y: number): Colour | null;
  /** 0..1; `null` without a mask. */
  maskAt(x: number, y: number): number | null;
}

/**
 * A strict Photoshop in memory. `api` is what a plug-in gets of `require('photoshop')`; the rest is
 * the person in front of it. Ask `problems()` at the end of every test.
 */
export class FakePhotoshop {
  readonly world = new World();
  readonly actions: FakeActions;
  readonly api: PhotoshopApi;
  /** What `core.showAlert` said. */
  readonly alerts: string[] = [];

  constructor(
    /** The plug-in's global object, where playback looks functions up. */
    readonly globals: Record<string, unknown> = {},
  ) {
    this.actions = new FakeActions(this.world, globals);
    this.api = {
      app: this.createApp(),
      core: {
        executeAsModal: (run, options) => this.world.modal.execute(run, options),
        showAlert: async (message) => void this.alerts.push(message),
      },
      action: this.actions,
      imaging: createImaging(this.world),
      constants,
    };
  }

  /** What a clean plug-in leaves empty: broken rules and memory not given back. */
  problems(): readonly string[] {
    const leaks = this.world.pool.undisposed.map((what) => `not disposed: ${what}`);
    const held = this.world.modal.held ? ['a modal scope is still open'] : [];
    return [...this.world.modal.violations, ...this.world.pool.warnings, ...leaks, ...held];
  }

  openDocument(spec: DocumentSpec): number {
    const document: DocumentState = {
      id: this.world.nextId(),
      title: spec.title ?? 'Untitled-1',
      mode: spec.mode ?? 'RGBColorMode',
      bits: spec.bits ?? 8,
      profile: spec.profile ?? 'sRGB IEC61966-2.1',
      width: spec.width,
      height: spec.height,
      resolution: 72,
      historyId: 0,
      layers: [],
      activeIds: [],
      selection: null,
    };
    document.layers = spec.layers.map((layer) => this.build(document, layer));
    document.activeIds = document.layers.slice(0, 1).map((layer) => layer.id);
    this.world.documents.set(document.id, document);
    this.world.activeId = document.id;
    this.actions.notify('open');
    return document.id;
  }

  closeDocument(id: number): void {
    this.world.documents.delete(id);
    if (this.world.activeId === id) {
      this.world.activeId = [...this.world.documents.keys()].at(-1) ?? null;
    }
    this.actions.notify('close');
  }

  deleteLayer(documentId: number, layerId: number): void {
    const { siblings, layer } = this.world.layer(documentId, layerId);
    siblings.splice(siblings.indexOf(layer), 1);
    const document = this.world.document(documentId);
    document.activeIds = document.activeIds.filter((id) => id !== layerId);
    this.actions.notify('delete');
  }

  selectLayers(documentId: number, names: readonly string[]): void {
    this.world.document(documentId).activeIds = names.map((name) => this.idOf(documentId, name));
    this.actions.notify('select');
  }

  activate(documentId: number): void {
    this.world.document(documentId);
    this.world.activeId = documentId;
    this.actions.notify('select');
  }

  /** 0..1 per pixel; `null` deselects. */
  selectArea(
    documentId: number,
    bounds: PhotoshopBounds | null,
    amountAt: (x: number, y: number) => number = () => 1,
  ): void {
    const gray = { mode: 'grayscaleMode', bits: 8, profile: 'Gray Gamma 2.2' } as const;
    this.world.document(documentId).selection =
      bounds && drawPlane(gray, bounds, true, (x, y) => [amountAt(x, y), 0, 0, 1]);
    this.actions.notify('set');
  }

  /** Names of the history states, oldest first. */
  history(documentId: number): readonly string[] {
    return (this.world.modal.history.get(documentId) ?? []).map((entry) => entry.name);
  }

  undo(documentId: number): void {
    const last = this.world.modal.history.get(documentId)?.pop();
    if (last === undefined) throw new Error('Nothing to undo');
    this.world.documents.set(documentId, cloneDocument(last.before));
  }

  activeLayerIds(documentId: number): readonly number[] {
    return this.world.document(documentId).activeIds;
  }

  selectionBounds(documentId: number): PhotoshopBounds | null {
    return this.world.document(documentId).selection?.bounds ?? null;
  }

  idOf(documentId: number, name: string): number {
    const search = (layers: readonly LayerState[]): number | undefined => {
      for (const layer of layers) {
        const id = layer.name === name ? layer.id : search(layer.children ?? []);
        if (id !== undefined) return id;
      }
      return undefined;
    };
    const id = search(this.world.document(documentId).layers);
    if (id === undefined) throw new Error(`No layer is called "${name}"`);
    return id;
  }

  layers(documentId: number): readonly SeenLayer[] {
    const document = this.world.document(documentId);
    return document.layers.map((layer) => see(document, layer));
  }

  layer(documentId: number, id: number): SeenLayer {
    const document = this.world.document(documentId);
    const found = findLayer(document.layers, id);
    if (found === null) throw new Error(`No layer ${id}`);
    return see(document, found.layer);
  }

  private build(document: DocumentState, spec: LayerSpec): LayerState {
    const layer = this.world.newLayer(spec.name, spec.kind ?? (spec.children ? 'group' : 'pixel'));
    layer.visible = spec.visible ?? true;
    layer.opacity = spec.opacity ?? 100;
    layer.background = spec.background ?? false;
    layer.locked = spec.locked ?? false;
    layer.clipped = spec.clipped ?? false;
    layer.children = spec.children?.map((child) => this.build(document, child)) ?? null;
    const canvas = { left: 0, top: 0, right: document.width, bottom: document.height };
    const bounds = spec.bounds ?? canvas;
    if (spec.paint && widthOf(bounds) * heightOf(bounds) > 0) {
      layer.plane = drawPlane(document, bounds, layer.background, spec.paint);
    }
    return layer;
  }

  private createApp(): PhotoshopApp {
    const { world } = this;
    return {
      get documents() {
        return [...world.documents.keys()].map((id) => new FakeDocument(world, id));
      },
      get activeDocument() {
        return world.activeId === null ? null : new FakeDocument(world, world.activeId);
      },
      set activeDocument(document) {
        world.modal.requireHeld('set activeDocument');
        if (document === null) throw new Error('activeDocument is a document');
        world.activeId = world.document(document.id).id;
      },
      createDocument: async ({ name, width, height, mode, depth, profile, resolution }) => {
        world.modal.requireHeld('createDocument');
        const layers = [{ name: 'Layer 1' }];
        const spec = { title: name, width, height, mode, bits: depth, profile, layers };
        const id = this.openDocument(spec);
        world.document(id).resolution = resolution;
        return new FakeDocument(world, id);
      },
    };
  }
}

/** A document as a file holds it, for folders in tests. */
export function documentFile(spec: DocumentSpec): DocumentState {
  const photoshop = new FakePhotoshop();
  return photoshop.world.document(photoshop.openDocument(spec));
}

function see(document: DocumentState, layer: LayerState): SeenLayer {
  return {
    id: layer.id,
    name: layer.name,
    kind: layer.kind,
    visible: layer.visible,
    opacity: layer.opacity,
    bounds: realBounds(layer),
    children: (layer.children ?? []).map((child) => see(document, child)),
    colourAt: (x, y) => layer.plane && colourAt(document, layer.plane, x, y),
    maskAt: (x, y) => layer.mask && amountAt(layer.mask, x, y, document.bits),
  };
}

/** Masks are amounts, not light: they go through no curve. */
function amountAt({ bounds, samples }: Plane, x: number, y: number, bits: number): number {
  if (x < bounds.left || x >= bounds.right || y < bounds.top || y >= bounds.bottom) return 0;
  return samples[(y - bounds.top) * widthOf(bounds) + x - bounds.left]! / whiteOf(bits);
}

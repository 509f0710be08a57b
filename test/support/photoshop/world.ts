import { Modal } from './modal';
import { ImageDataPool } from './imageData';
import {
  cloneDocument,
  emptyBounds,
  findLayer,
  heightOf,
  isEmpty,
  widthOf,
  type DocumentState,
  type FoundLayer,
  type LayerState,
  type Plane,
} from './state';
import type { PhotoshopBounds } from '../../../plugin/hosts/photoshop/api';

/** Everything Photoshop knows, behind all the objects that JavaScript sees. */
export class World {
  readonly documents = new Map<number, DocumentState>();
  readonly pool = new ImageDataPool();
  readonly modal: Modal;
  activeId: number | null = null;
  /** Saving then fails, after the file has been made. */
  diskFull = false;
  private lastId = 0;

  constructor() {
    this.modal = new Modal(this.documents);
  }

  nextId(): number {
    return ++this.lastId;
  }

  document(id: number): DocumentState {
    const document = this.documents.get(id);
    if (document === undefined) throw new Error(`The document ${id} is no longer open`);
    return document;
  }

  /** Opens a copy of a document, with ids of its own, in front of the others. */
  adopt(content: DocumentState): number {
    const copy = { ...cloneDocument(content), id: this.nextId() };
    const renumbered = new Map<number, number>();
    const renumber = (layer: LayerState): LayerState => {
      const id = this.nextId();
      renumbered.set(layer.id, id);
      return { ...layer, id, children: layer.children?.map(renumber) ?? null };
    };
    copy.layers = copy.layers.map(renumber);
    copy.activeIds = copy.activeIds.map((id) => renumbered.get(id)!);
    this.documents.set(copy.id, copy);
    this.activeId = copy.id;
    return copy.id;
  }

  layer(documentId: number, layerId: number): FoundLayer {
    const found = findLayer(this.document(documentId).layers, layerId);
    if (found === null) throw new Error(`The layer ${layerId} does not exist`);
    return found;
  }

  newLayer(name: string, kind: string): LayerState {
    return {
      id: this.nextId(),
      name,
      kind,
      visible: true,
      opacity: 100,
      background: false,
      locked: false,
      clipped: false,
      plane: null,
      mask: null,
      children: kind === 'group' ? [] : null,
    };
  }
}

/** `boundsNoEffects`: where a layer has pixels that are not wholly transparent. */
export function realBounds(layer: LayerState): PhotoshopBounds {
  if (layer.children !== null) {
    return layer.children.map(realBounds).reduce(unite, emptyBounds);
  }
  if (layer.plane === null) return emptyBounds;
  return layer.background ? layer.plane.bounds : trim(layer.plane);
}

function unite(a: PhotoshopBounds, b: PhotoshopBounds): PhotoshopBounds {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The smallest bounds that hold every sample of the last component above zero. */
export function trim(plane: Plane): PhotoshopBounds {
  const { bounds, components, samples } = plane;
  const width = widthOf(bounds);
  let [left, top, right, bottom] = [width, heightOf(bounds), 0, 0];
  for (let index = components - 1; index < samples.length; index += components) {
    if (samples[index]! <= 0) continue;
    const pixel = (index - components + 1) / components;
    const x = pixel % width;
    const y = (pixel - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  if (right === 0) return emptyBounds;
  return {
    left: bounds.left + left,
    top: bounds.top + top,
    right: bounds.left + right,
    bottom: bounds.top + bottom,
  };
}

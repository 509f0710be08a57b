import type {
  FileEntry,
  PhotoshopBounds,
  PhotoshopDocument,
  PhotoshopLayer,
} from '../../../plugin/hosts/photoshop/api';
import { constants, depthConstant } from './constants';
import { cloneDocument, findLayer, scalePlane, type DocumentState, type LayerState } from './state';
import { writeFile } from './storage';
import { realBounds, trim, type World } from './world';

/** `Layer`: ids and live look-ups, so that a layer deleted meanwhile throws, as in Photoshop. */
export class FakeLayer implements PhotoshopLayer {
  constructor(
    private readonly world: World,
    private readonly documentId: number,
    readonly id: number,
  ) {}

  private get state(): LayerState {
    return this.world.layer(this.documentId, this.id).layer;
  }

  private change(name: string): LayerState {
    this.world.modal.change(this.world.document(this.documentId), name);
    return this.state;
  }

  get name(): string {
    return this.state.name;
  }
  set name(name: string) {
    this.change('Rename Layer').name = name;
  }
  get kind(): string {
    return this.state.kind;
  }
  get visible(): boolean {
    return this.state.visible;
  }
  set visible(visible: boolean) {
    this.change('Layer Visibility').visible = visible;
  }
  get isClippingMask(): boolean {
    return this.state.clipped;
  }
  set isClippingMask(clipped: boolean) {
    const { layer, siblings } = this.world.layer(this.documentId, this.id);
    if (clipped && siblings.at(-1) === layer) throw new Error('There is no layer to clip to');
    this.change('Create Clipping Mask').clipped = clipped;
  }
  get allLocked(): boolean {
    return this.state.locked;
  }
  get isBackgroundLayer(): boolean {
    return this.state.background;
  }
  get boundsNoEffects(): PhotoshopBounds {
    return realBounds(this.state);
  }
  get opacity(): number {
    return this.state.opacity;
  }
  set opacity(percent: number) {
    if (!(percent >= 0 && percent <= 100)) throw new Error(`Opacity ${percent} is not 0 to 100`);
    if (this.state.locked || this.state.background) throw new Error('The layer is locked');
    this.change('Opacity').opacity = percent;
  }
  get parent(): FakeLayer | null {
    const { parent } = this.world.layer(this.documentId, this.id);
    return parent && new FakeLayer(this.world, this.documentId, parent.id);
  }
  get layers(): FakeLayer[] | null {
    return (
      this.state.children?.map((child) => new FakeLayer(this.world, this.documentId, child.id)) ??
      null
    );
  }

  delete(): void {
    const { layer, siblings } = this.world.layer(this.documentId, this.id);
    const document = this.world.document(this.documentId);
    if (document.layers.length === 1 && document.layers[0] === layer) {
      throw new Error('A document keeps at least one layer');
    }
    this.change('Delete Layer');
    siblings.splice(siblings.indexOf(layer), 1);
    document.activeIds = document.activeIds.filter((id) => id !== this.id);
  }

  move(relative: PhotoshopLayer, placement: string): void {
    const document = this.world.document(this.documentId);
    const target = this.world.layer(this.documentId, relative.id);
    this.change('Move Layer');
    const { layer, siblings } = this.world.layer(this.documentId, this.id);
    if (layer.background) throw new Error('The Background layer cannot be moved');
    const into =
      placement === constants.ElementPlacement.PLACEINSIDE ? target.layer : target.parent;
    if (into?.locked) throw new Error(`The group "${into.name}" is locked`);
    siblings.splice(siblings.indexOf(layer), 1);
    if (placement === constants.ElementPlacement.PLACEBEFORE) {
      target.siblings.splice(target.siblings.indexOf(target.layer), 0, layer);
    } else if (placement === constants.ElementPlacement.PLACEINSIDE && target.layer.children) {
      target.layer.children.unshift(layer);
    } else {
      throw new Error(`Cannot move a layer "${placement}" of "${relative.name}"`);
    }
    document.activeIds = [this.id];
  }
}

/** `Document`. Making layers is refused on a document that is not the active one. */
export class FakeDocument implements PhotoshopDocument {
  constructor(
    private readonly world: World,
    readonly id: number,
  ) {}

  private get state(): DocumentState {
    return this.world.document(this.id);
  }

  get title(): string {
    return this.state.title;
  }
  get mode(): string {
    return this.state.mode;
  }
  get bitsPerChannel(): string {
    return depthConstant[this.state.bits];
  }
  get width(): number {
    return this.state.width;
  }
  get height(): number {
    return this.state.height;
  }
  get layers(): FakeLayer[] {
    return this.state.layers.map((layer) => new FakeLayer(this.world, this.id, layer.id));
  }
  get activeLayers(): FakeLayer[] {
    return this.state.activeIds.map((id) => new FakeLayer(this.world, this.id, id));
  }
  get resolution(): number {
    return this.state.resolution;
  }
  get activeHistoryState(): { readonly id: number } {
    return { id: this.state.historyId };
  }
  get selection(): { readonly bounds: PhotoshopBounds | null } {
    const { selection } = this.state;
    return { bounds: selection && trim(selection) };
  }

  async createPixelLayer(options: { name: string }): Promise<FakeLayer> {
    const layer = this.add(options.name, 'pixel', 'New Layer');
    return new FakeLayer(this.world, this.id, layer.id);
  }

  async createLayerGroup(options: { name: string }): Promise<FakeLayer> {
    const group = this.add(options.name, 'group', 'New Group');
    return new FakeLayer(this.world, this.id, group.id);
  }

  async duplicate(name: string): Promise<FakeDocument> {
    this.world.modal.requireHeld('duplicate');
    return new FakeDocument(this.world, this.world.adopt({ ...this.state, title: name }));
  }

  async resizeImage(
    width: number,
    height: number,
    resolution: number,
    _method: string,
  ): Promise<void> {
    const { state } = this;
    this.world.modal.change(state, 'Image Size');
    const scale = [width / state.width, height / state.height] as const;
    const resize = (layer: LayerState): void => {
      if (layer.plane) layer.plane = scalePlane(layer.plane, ...scale);
      if (layer.mask) layer.mask = scalePlane(layer.mask, ...scale);
      layer.children?.forEach(resize);
    };
    state.layers.forEach(resize);
    Object.assign(state, { width, height, resolution, selection: null });
  }

  readonly saveAs = {
    psd: async (entry: FileEntry): Promise<void> => {
      this.world.modal.requireHeld('saveAs');
      if (this.world.diskFull) throw new Error('The disk is full');
      writeFile(entry, cloneDocument(this.state));
    },
  };

  closeWithoutSaving(): void {
    this.world.modal.requireHeld('close');
    this.world.documents.delete(this.id);
    if (this.world.activeId === this.id) {
      this.world.activeId = [...this.world.documents.keys()].at(-1) ?? null;
    }
  }

  /** New layers go above the first active layer, or on top, and become the active layer. */
  private add(name: string, kind: string, step: string): LayerState {
    if (this.world.activeId !== this.id) {
      throw new Error('The command "Make" is not available: the document is not active');
    }
    this.world.modal.change(this.state, step);
    const layer = this.world.newLayer(name, kind);
    const [activeId] = this.state.activeIds;
    const active = activeId === undefined ? null : findLayer(this.state.layers, activeId);
    if (active) active.siblings.splice(active.siblings.indexOf(active.layer), 0, layer);
    else this.state.layers.unshift(layer);
    this.state.activeIds = [layer.id];
    return layer;
  }
}

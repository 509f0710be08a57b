import type { FacePart } from '../../../../protocol/facePart';
import { intersectBounds, type Bounds, type Point } from '../../../../protocol/geometry';
import { isPspError, toPspError } from '../../../../protocol/errors';
import type { PartName } from '../../../../protocol/partPalette';
import { isPictureName } from '../../../../protocol/pictureFiles';
import type { MaskedArea } from '../../../core/document';
import { Observable } from '../../../core/observable';
import { featherSelection } from '../document/feather';
import {
  combineSelections,
  invertSelection,
  readSelection,
  type Selection,
} from '../document/selection';
import type { LayeredDocument } from '../document/layeredDocument';
import { replaceLayers } from '../document/layer';
import type { Workspace } from '../document/workspace';
import { openFile, savedFile, type FileParts } from '../files/openFile';
import type { KeptState } from '../keep/session';
import { savePng } from '../files/savePng';
import { Bitmaps } from '../view/bitmaps';
import { fitCamera, frameCamera } from '../view/camera';
import type { Placement } from '../view/drawLayers';
import type { PageTexts } from './texts';

export const tools = ['hand', 'rectangle', 'lasso', 'brush', 'eraser'] as const;
export type Tool = (typeof tools)[number];

/** What a drawn outline does to the selection. */
export const selectModes = ['replace', 'add', 'subtract'] as const;
export type SelectMode = (typeof selectModes)[number];

export interface Message {
  readonly kind: 'busy' | 'notice' | 'error';
  readonly text: string;
}

/** The page around the panel: what is open, how it is looked at, and the files it comes from. */
export class Editor {
  readonly tool = new Observable<Tool>('hand');
  /** For rectangle and lasso; Shift and Alt override it. */
  readonly selectMode = new Observable<SelectMode>('replace');
  /** The outline that is being drawn, in document pixels. */
  readonly outline = new Observable<readonly Point[]>([]);
  /** The job whose variants lie over the canvas; `null` shows the document. */
  readonly sheet = new Observable<number | null>(null);
  /** Whether what is open comes back by itself. */
  readonly kept = new Observable<KeptState>({ kind: 'off' });
  /** The one layer that is looked at; `null` shows the document. */
  readonly solo = new Observable<string | null>(null);
  /** What the brush paints into a label map; `null`: it paints the selection. */
  readonly label = new Observable<PartName | null>(null);
  /** In document pixels. */
  readonly brushRadius = new Observable(24);
  readonly message = new Observable<Message | null>(null);
  /** Counts up whenever a layer's picture on the screen is new. */
  readonly painted = new Observable(0);
  /** Face frames are shown over the picture: until something was made of it, and on demand. */
  readonly showsFaces = new Observable(false);
  /** Left of this share of the canvas the document is shown without results; `null` shows all of it. */
  readonly split = new Observable<number | null>(null);
  readonly bitmaps: Bitmaps;
  /** The canvas in device pixels. */
  readonly viewSize = new Observable({ width: 0, height: 0 });
  private readonly cameras = new WeakMap<LayeredDocument, Observable<Placement>>();
  /** Whose view was zoomed or moved by hand: it stays where it was put. */
  private readonly heldViews = new WeakSet<LayeredDocument>();

  constructor(
    readonly workspace: Workspace,
    private readonly files: FileParts,
    /** In the language that was chosen last. */
    public texts: PageTexts,
    /** Hands a file to the user. */
    private readonly deliver: (blob: Blob, name: string) => void,
  ) {
    this.bitmaps = new Bitmaps(files.worker, () => this.painted.update((count) => count + 1));
  }

  cameraOf(document: LayeredDocument): Observable<Placement> {
    const known = this.cameras.get(document);
    if (known) return known;
    const camera = new Observable(fitCamera(document.init, this.viewSize.value));
    this.cameras.set(document, camera);
    return camera;
  }

  /** Looks where a person wants to look. */
  look(document: LayeredDocument, camera: Placement): void {
    this.heldViews.add(document);
    this.cameraOf(document).set(camera);
  }

  /** Goes to where something new is, unless the view was put elsewhere by hand. */
  showPlace(document: LayeredDocument, place: Bounds): void {
    if (this.heldViews.has(document)) return;
    const camera = this.cameraOf(document);
    camera.set(frameCamera(camera.value, place, this.viewSize.value) ?? camera.value);
  }

  fit(document: LayeredDocument): void {
    this.heldViews.delete(document);
    this.cameraOf(document).set(fitCamera(document.init, this.viewSize.value));
  }

  async openFiles(files: readonly File[]): Promise<void> {
    const failures: string[] = [];
    for (const file of files) {
      const failure = await this.open(file, file.name);
      if (failure !== null) failures.push(failure);
    }
    // What the next file's opening has covered is said at the end.
    if (failures.length > 0) this.message.set({ kind: 'error', text: failures.join(' ') });
  }

  /** @returns what the person was told when it could not be opened */
  open(blob: Blob, name: string): Promise<string | null> {
    return this.during(this.texts.opening(name), async () => {
      this.workspace.open(await openFile(this.files, blob, name));
    });
  }

  /** @returns false when the user would lose something and declined. */
  close(document: LayeredDocument, confirm: (question: string) => boolean): boolean {
    const question = this.texts.closeModified(document.init.name);
    if (document.isModified && !confirm(question)) return false;
    this.workspace.close(document);
    return true;
  }

  async savePsd(document: LayeredDocument): Promise<void> {
    const name = withExtension(document.init.name, 'psd');
    await this.during(this.texts.saving(name), async () => {
      this.deliver(await savedFile(this.files, document), name);
      document.markSaved();
    });
  }

  async savePng(document: LayeredDocument): Promise<void> {
    const name = withExtension(document.init.name, 'png');
    await this.during(this.texts.saving(name), async () => {
      this.deliver(await savePng(document, this.bitmaps), name);
    });
  }

  /** Selects a part of the faces; where none shows it the selection stays, and that is said. */
  async selectPart(
    document: LayeredDocument,
    part: FacePart,
    mode: SelectMode,
    find: () => Promise<readonly MaskedArea[]>,
  ): Promise<void> {
    const name = this.texts.parts[part];
    await this.during(this.texts.findingPart(name), async () => {
      const drawn = (await find()).reduce<Selection | null>(
        (selection, found) => combineSelections(selection, onCanvas(found, document.bounds), 'add'),
        null,
      );
      if (!drawn) {
        this.message.set({ kind: 'notice', text: this.texts.noPart(name) });
        return;
      }
      document.apply(this.texts.steps.select, (state) => ({
        ...state,
        selection: joined(state.selection, drawn, mode),
      }));
    });
  }

  /** Softens the selection's edge; a slider that moves is one step. */
  feather(document: LayeredDocument, radius: number): void {
    const canvas = document.bounds;
    document.amend(this.texts.steps.feather, 'selection', (state) => ({
      ...state,
      selection: state.selection && featherSelection(state.selection, radius, canvas),
    }));
  }

  toggleSolo(layerId: string): void {
    this.solo.update((shown) => (shown === layerId ? null : layerId));
  }

  toggleSplit(): void {
    this.split.update((split) => (split === null ? 0.5 : null));
  }

  invertSelection(document: LayeredDocument): void {
    const canvas = document.bounds;
    document.apply(this.texts.steps.invert, (state) => ({
      ...state,
      selection: invertSelection(state.selection, canvas),
    }));
  }

  deselect(document: LayeredDocument): void {
    if (!document.state.value.selection) return;
    document.apply(this.texts.steps.deselect, (state) => ({ ...state, selection: null }));
  }

  /** Only layers made here: those of an opened file are kept as they are. */
  removeLayer(document: LayeredDocument, id: string): void {
    document.apply(this.texts.steps.remove, (state) => ({
      ...state,
      layers: replaceLayers(state.layers, id, () => []),
    }));
  }

  showError(error: unknown): void {
    this.message.set({ kind: 'error', text: this.texts.error(toPspError(error)) });
  }

  /** @returns what went wrong, as the person was told */
  private async during(text: string, work: () => Promise<void>): Promise<string | null> {
    const busy: Message = { kind: 'busy', text };
    this.message.set(busy);
    try {
      await work();
      if (this.message.value === busy) this.message.set(null);
      return null;
    } catch (error) {
      if (!isPspError(error)) throw error;
      this.showError(error);
      return this.texts.error(error);
    }
  }
}

/** What is drawn as what is selected: alone, added or taken away. */
export const joined = (
  before: Selection | null,
  drawn: Selection | null,
  mode: SelectMode,
): Selection | null => (mode === 'replace' ? drawn : combineSelections(before, drawn, mode));

function onCanvas(part: Selection, canvas: Bounds): Selection {
  const bounds = intersectBounds(part.bounds, canvas);
  return { bounds, mask: readSelection(part, bounds) };
}

function withExtension(name: string, extension: string): string {
  if (/\.psb$/i.test(name) && extension === 'psd') return name;
  const known = isPictureName(name) || /\.(ps[db]|hei[cf])$/i.test(name);
  return `${known ? name.replace(/\.[^.]*$/, '') : name}.${extension}`;
}

import type { DocumentHost, HostChange, LayerHandle, LayerTarget } from '../../../core/document';
import type { PhotoshopDocument, PhotoshopLayer } from '../api';
import { commitLayers } from './commitLayers';
import type { Editor } from './editor';
import { activeDocument, locate, requireLayer, type Located } from './lookUp';
import { pictureFolder, type FolderPicker } from './pictureFolder';
import { onceAtATime } from '../platform';
import { readPreview, readRegion, readSelectionMask } from './readPixels';
import { describeTarget, selectedTopFirst } from './targets';
import { Revisions } from './revisions';
import { keepingSelectedLayers } from './selectedLayers';
import { inFront, oneStep } from './undoStep';
import { selectAreas } from './selectAreas';
import { removeLayer, writeLayer } from './writeLayer';

/** What may change the selected layers or the documents, and what only their pixels. */
const targetEvents = ['select', 'make', 'delete', 'open', 'close'];
const pixelEvents = ['set', 'historyStateChanged'];

/** Photoshop as a document host. `editor` decides how its modal state is entered. */
export function createPhotoshopHost(editor: Editor, picker: FolderPicker): DocumentHost {
  const { api } = editor;
  const revisions = new Revisions();
  const listeners = new Set<(change: HostChange) => void>();
  const tell = (): void => listeners.forEach((listener) => listener('target'));

  const describe = (document: PhotoshopDocument, layer: PhotoshopLayer): LayerTarget =>
    describeTarget(api, document, layer, revisions.of(document, layer));

  /** Photoshop sends no events for what a plug-in does in its own modal scope. */
  const changing = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    tell();
    return result;
  };

  const change = (
    handles: readonly LayerHandle[],
    name: string,
    apply: (located: Located, handle: LayerHandle) => unknown,
    touched = false,
  ): Promise<void> =>
    changing(
      editor.enter(name, async (context) => {
        const located = handles.map((handle) => requireLayer(api, handle));
        const [first] = located;
        if (!first) return;
        await inFront(api, first.document, () =>
          revisions.keep(first.document, touched ? first.layer : null, () =>
            oneStep(context, first.document, name, async () => {
              for (const [index, one] of located.entries()) await apply(one, handles[index]!);
            }),
          ),
        );
      }),
    );

  return {
    name: 'Photoshop',

    async listTargets(scope) {
      const front = activeDocument(api);
      if (front === null) return [];
      if (scope === 'selected-layers') {
        return selectedTopFirst(front).map((layer) => describe(front, layer));
      }
      return Array.from(api.app.documents).flatMap((document) => {
        const layer: PhotoshopLayer | undefined = document.activeLayers[0] ?? document.layers[0];
        return layer ? [describe(document, layer)] : [];
      });
    },

    onChange(listener) {
      const ofTarget = (): void => listener('target');
      const ofPixels = (): void => listener('pixels');
      listeners.add(listener);
      api.action.addNotificationListener(targetEvents, ofTarget);
      api.action.addNotificationListener(pixelEvents, ofPixels);
      return () => {
        listeners.delete(listener);
        api.action.removeNotificationListener(targetEvents, ofTarget);
        api.action.removeNotificationListener(pixelEvents, ofPixels);
      };
    },

    readPreview: (target, maxSide) => readPreview(editor, target, maxSide),
    readRegion: (target, bounds) => readRegion(editor, target, bounds),
    readSelectionMask: (target, bounds) => readSelectionMask(editor, target, bounds),
    // Adobe counts it from 24.4 on.
    ...(typeof api.imaging.putSelection === 'function' && {
      select: (target, commandName, areas) => selectAreas(editor, target, commandName, areas),
    }),

    exists: async (handle) => locate(api, handle) !== null,

    look: async (handle) => {
      const found = locate(api, handle);
      if (!found) return null;
      const { document, layer } = found;
      const revision = revisions.of(document, layer);
      return { revision, opacity: layer.opacity / 100, visible: layer.visible };
    },

    commitLayers: (target, commit) => changing(commitLayers(editor, revisions, target, commit)),

    replaceLayer: (handle, commandName, content) =>
      change(
        [handle],
        commandName,
        ({ document, layer }) =>
          keepingSelectedLayers(api, document, async () => {
            if (layer.name !== content.name) layer.name = content.name;
            await writeLayer(api, document, layer, content);
          }),
        true,
      ),

    setOpacity: (handle, opacity) =>
      change([handle], 'Opacity', ({ layer }) => (layer.opacity = Math.round(opacity * 100))),

    changeLayers: (commandName, { show = [], hide = [], remove = [] }) =>
      change([...show, ...hide, ...remove], commandName, async ({ layer }, handle) => {
        if (remove.includes(handle)) await removeLayer(layer);
        else layer.visible = show.includes(handle);
      }),

    chooseFolder: onceAtATime(async () => {
      const folder = await picker.getFolder();
      return folder && pictureFolder(editor, picker, folder, describe);
    }),

    notify: (message) => void api.core.showAlert(message),
  };
}

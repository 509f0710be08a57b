import { PspError, toPspError } from '../../../../protocol/errors';
import { isPictureName } from '../../../../protocol/pictureFiles';
import type { LayerTarget, PictureFolder } from '../../../core/document';
import type { FileEntry, FolderEntry, PhotoshopDocument, PhotoshopLayer } from '../api';
import type { Editor } from './editor';
import { openSilently, play } from '../batchPlay';
import { activeDocument, requireLayer } from './lookUp';
import { refusalOf, selectedTopFirst } from './targets';

/** `uxp.storage.localFileSystem`. */
export interface FolderPicker {
  getFolder(): Promise<FolderEntry | null>;
  /** What batchPlay takes in place of a path. */
  createSessionToken(entry: FileEntry): string;
}

const isDocumentName = (name: string): boolean => /\.ps[db]$/i.test(name) || isPictureName(name);
/** Results go here, so that no source can be overwritten and a second run finds what is done. */
const outputFolderName = 'pSp Layers';

/** A folder for the unattended run, through the handle that the user's choice gave. */
export function pictureFolder(
  editor: Editor,
  picker: Pick<FolderPicker, 'createSessionToken'>,
  folder: FolderEntry,
  describe: (document: PhotoshopDocument, layer: PhotoshopLayer) => LayerTarget,
): PictureFolder {
  const { api } = editor;

  const listPictures = async (): Promise<readonly string[]> => {
    const entries = await folder.getEntries();
    return entries
      .filter((entry) => entry.isFile && isDocumentName(entry.name))
      .map((entry) => entry.name)
      .sort((a, b) => a.localeCompare(b));
  };

  /** Files that hold something: an empty one is what a save that was cut off has left. */
  const writtenNames = async (): Promise<ReadonlySet<string>> => {
    const output = (await folder.getEntries()).find(isOutputFolder) as FolderEntry | undefined;
    const entries = output ? await output.getEntries() : [];
    const filled = await Promise.all(entries.map(isFilled));
    return new Set(entries.filter((_, i) => filled[i]).map(({ name }) => name));
  };

  return {
    name: folder.name,
    listPictures,

    async listFinished(work) {
      const pictures = await listPictures();
      const made = await writtenNames();
      return pictures.filter((picture) => made.has(outputName(picture, pictures, work)));
    },

    open(picture) {
      return editor.enter(`Open ${picture}`, async () => {
        const entry = await folder.getEntry(picture);
        await play(api, [openSilently(picker.createSessionToken(entry))]);
        const document = activeDocument(api);
        if (document === null)
          throw new PspError('OUTPUT_FAILED', `Photoshop could not open "${picture}".`);
        return describe(document, layerToWorkOn(editor, document));
      });
    },

    save(target, picture, work) {
      return editor.enter(`Save ${picture}`, async () => {
        const { document } = requireLayer(api, target);
        const name = outputName(picture, await listPictures(), work);
        const entry = await createOutput(folder, name);
        try {
          await document.saveAs.psd(entry, {}, true);
        } catch (error) {
          // Half a file would pass for a finished one in the next run.
          await entry.delete();
          throw outputFailed(name, error);
        }
      });
    },

    close(target) {
      return editor.enter('Close', async () => {
        const document = Array.from(api.app.documents).find(
          ({ id }) => String(id) === target.documentId,
        );
        await document?.closeWithoutSaving();
      });
    },
  };
}

const isOutputFolder = (entry: FileEntry): boolean =>
  entry.isFolder && entry.name === outputFolderName;

/** "a.jpg" becomes "a frontalize 3f2a91c0.psd"; beside an "a.png" both keep their full names. */
function outputName(picture: string, pictures: readonly string[], work: string): string {
  const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');
  const base = stemOf(picture);
  const twins = pictures.filter((other) => stemOf(other).toLowerCase() === base.toLowerCase());
  const unique = twins.length < 2;
  return `${unique ? base : picture} ${work}.psd`;
}

const isFilled = async (entry: FileEntry): Promise<boolean> =>
  entry.isFile && (await entry.getMetadata()).size > 0;

async function createOutput(folder: FolderEntry, name: string): Promise<FileEntry> {
  const existing = (await folder.getEntries()).find(isOutputFolder) as FolderEntry | undefined;
  try {
    const output = existing ?? (await folder.createFolder(outputFolderName));
    const there = (await output.getEntries()).find((entry) => entry.name === name);
    const overwrite = there !== undefined && !(await isFilled(there));
    return await output.createFile(name, { overwrite });
  } catch (error) {
    throw outputFailed(name, error);
  }
}

const outputFailed = (name: string, cause: unknown): PspError =>
  new PspError(
    'OUTPUT_FAILED',
    `"${name}" could not be written into the folder "${outputFolderName}": ${toPspError(cause).message}. Check that it is not there already and that the disk has room.`,
    { cause },
  );

/** The layer that was selected when the file was saved, or else the topmost one that can be used. */
function layerToWorkOn(editor: Editor, document: PhotoshopDocument): PhotoshopLayer {
  const all = (layers: ArrayLike<PhotoshopLayer>): PhotoshopLayer[] =>
    Array.from(layers).flatMap((layer) => [layer, ...(layer.layers ? all(layer.layers) : [])]);
  const candidates = [...selectedTopFirst(document), ...all(document.layers)];
  const usable = candidates.find((layer) => refusalOf(editor.api, document, layer) === null);
  const chosen = usable ?? candidates[0];
  if (chosen) return chosen;
  throw new PspError('BAD_INPUT', `"${document.title}" has no layer. Leave it out of the folder.`);
}

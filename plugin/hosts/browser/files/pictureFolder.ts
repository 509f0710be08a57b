import { PspError } from '../../../../protocol/errors';
import { isPictureName } from '../../../../protocol/pictureFiles';
import type { LayerTarget, PictureFolder } from '../../../core/document';
import type { BrowserHost } from '../document/browserHost';
import type { LayeredDocument } from '../document/layeredDocument';
import type { Workspace } from '../document/workspace';
import { openFile, savedFile, type FileParts } from './openFile';
import { writeResult, writtenNames } from './resultFiles';

const outputFolderName = 'pSp Layers';

/** The File System Access API, where the browser has it (Chromium, on localhost). */
interface FolderPicker {
  showDirectoryPicker?: (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;
}

interface FolderParts {
  readonly workspace: Workspace;
  readonly host: () => BrowserHost;
  readonly files: FileParts;
}

/** `null` when the user declines. @throws PspError BAD_INPUT where the browser cannot. */
export async function chooseFolder(parts: FolderParts): Promise<PictureFolder | null> {
  const picker = globalThis as unknown as FolderPicker;
  if (!picker.showDirectoryPicker) {
    throw new PspError(
      'BAD_INPUT',
      'This browser cannot write into a folder. Use Chrome or Edge, or “psp-layers batch” in a terminal.',
    );
  }
  try {
    return new BrowserFolder(await picker.showDirectoryPicker({ mode: 'readwrite' }), parts);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw new PspError('BAD_INPUT', 'The folder cannot be opened. Choose another one.', {
      cause: error,
    });
  }
}

class BrowserFolder implements PictureFolder {
  readonly name: string;
  private readonly documents = new Map<string, LayeredDocument>();

  constructor(
    private readonly folder: FileSystemDirectoryHandle,
    private readonly parts: FolderParts,
  ) {
    this.name = folder.name;
  }

  async listPictures(): Promise<readonly string[]> {
    return (await fileNames(this.folder)).filter(isDocumentName).sort();
  }

  async listFinished(work: string): Promise<readonly string[]> {
    const output = await this.openOutput(false);
    const made = new Set(output ? await writtenNames(output) : []);
    return (await this.listPictures()).filter((picture) => made.has(resultName(picture, work)));
  }

  async open(pictureName: string): Promise<LayerTarget> {
    const blob = await (await this.folder.getFileHandle(pictureName)).getFile();
    const document = await openFile(this.parts.files, blob, pictureName);
    const target = this.parts.host().targetOf(document);
    if (!target) {
      throw new PspError(
        'BAD_INPUT',
        `"${pictureName}" has no layer with pixels. Leave it out or add one.`,
      );
    }
    this.parts.workspace.open(document, { inFront: false });
    this.documents.set(target.documentId, document);
    return target;
  }

  async save(target: LayerTarget, pictureName: string, work: string): Promise<void> {
    const document = this.documents.get(target.documentId);
    const output = await this.openOutput(true);
    if (!document || !output) {
      throw new PspError('OUTPUT_FAILED', `"${pictureName}" is not open any more. Run it again.`);
    }
    const name = resultName(pictureName, work);
    await writeResult(output, name, await savedFile(this.parts.files, document));
  }

  async close(target: LayerTarget): Promise<void> {
    const document = this.documents.get(target.documentId);
    if (document) this.parts.workspace.close(document);
    this.documents.delete(target.documentId);
  }

  private async openOutput(create: boolean): Promise<FileSystemDirectoryHandle | null> {
    try {
      return await this.folder.getDirectoryHandle(outputFolderName, { create });
    } catch (cause) {
      if (!create) return null;
      throw new PspError(
        'OUTPUT_FAILED',
        `The folder "${outputFolderName}" cannot be made in "${this.name}". Check the permissions.`,
        { cause },
      );
    }
  }
}

/** "portrait.jpg" → "portrait.jpg frontalize 3f2a91c0.psd": two pictures of one name, and two works, keep apart. */
export function resultName(pictureName: string, work: string): string {
  const [, stem, ending] = /^(.*)(\.ps[db])$/i.exec(pictureName) ?? ['', pictureName, '.psd'];
  return `${stem} ${work}${ending}`;
}

const isDocumentName = (name: string): boolean => /\.ps[db]$/i.test(name) || isPictureName(name);

async function fileNames(folder: FileSystemDirectoryHandle): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of folder.values()) if (entry.kind === 'file') names.push(entry.name);
  return names;
}

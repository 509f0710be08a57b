import type {
  ExecutionContext,
  FileEntry,
  FolderEntry,
  HostControl,
  PhotoshopAction,
  PhotoshopApp,
  PhotoshopCore,
  PhotoshopDocument,
  PhotoshopImageData,
  PhotoshopImaging,
  PhotoshopLayer,
  StoredFile,
} from '../api';
import type { UxpStorage } from '../platform';

type Members<Owner extends string, T> = `${Owner}.${keyof T & string}`;

/** Everything that api.ts and platform.ts declare of Photoshop: what is used, and so what has to be tried. */
export type ApiName =
  | Members<'app', PhotoshopApp>
  | Members<'core', PhotoshopCore>
  | Members<'action', PhotoshopAction>
  | Members<'imaging', PhotoshopImaging>
  | Members<'imageData', PhotoshopImageData>
  | Members<'document', PhotoshopDocument>
  | Members<'layer', PhotoshopLayer>
  | Members<'context', ExecutionContext>
  | Members<'hostControl', HostControl>
  | Members<'file', FileEntry>
  | Members<'file', StoredFile>
  | Members<'folder', Omit<FolderEntry, keyof FileEntry>>
  | Members<'localFileSystem', UxpStorage['localFileSystem']>
  | Members<'secureStorage', UxpStorage['secureStorage']>;

/** What only a person can try, and how. */
export const byHand = {
  'core.showAlert': 'Run a menu command with no document open: the message appears.',
  'localFileSystem.getFolder': 'Batch › Folder: the picker opens once and the run goes through.',
  'localFileSystem.getFileForOpening': 'Models › Import: the picker opens once.',
  'localFileSystem.getFileForSaving': 'Save this report.',
} as const satisfies Partial<Record<ApiName, string>>;

import type { ConvertProgress } from '../../models/convert';
import type { ErrorShape } from '../../protocol/errors';
import type { ImportedModel, ImportRequest } from '../models/importCheckpoint';

/** What is asked for, as one value that travels. */
export type ImportOrder = Omit<ImportRequest, 'signal' | 'onProgress' | 'checkMemory'>;

export type ToImporter =
  | { readonly kind: 'import'; readonly order: ImportOrder; readonly memoryBytes: number }
  | { readonly kind: 'cancel' };

export type FromImporter =
  | { readonly kind: 'progress'; readonly progress: ConvertProgress }
  | { readonly kind: 'done'; readonly imported: ImportedModel }
  | { readonly kind: 'failed'; readonly error: ErrorShape };

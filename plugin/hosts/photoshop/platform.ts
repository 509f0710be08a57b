import type { TokenStore } from '../../core/bridge/runtime';
import type { TextStore } from '../../core/settings';
import type { Timers } from '../../core/timers';
import type { ChosenCheckpoint } from '../../panel';
import type { FolderEntry, StoredFile } from './api';
import type { FolderPicker } from './document/pictureFolder';

/** `require('uxp').storage`, as far as it is used. */
export interface UxpStorage {
  readonly localFileSystem: FolderPicker & {
    /** For the self-check alone. */
    getTemporaryFolder(): Promise<FolderEntry>;
    /** Nothing, in one form or another, when the user declines. */
    getFileForOpening(options: {
      readonly types: readonly string[];
    }): Promise<StoredFile | null | undefined>;
    getFileForSaving(
      name: string,
      options: { readonly types: readonly string[] },
    ): Promise<StoredFile | null | undefined>;
  };
  readonly formats: { readonly binary: symbol; readonly utf8: symbol };
  /** Answers bytes, however a value was stored. */
  readonly secureStorage: {
    getItem(key: string): Promise<Uint8Array | null>;
    setItem(key: string, value: string): Promise<void>;
  };
}

/**
 * Photoshop warns at 600 MB of a plug-in's memory and may end it (imaging.md). A larger file is not held: the
 * bridge, on the same machine, is told where it lies.
 */
const largestHeld = 512 * 1024 * 1024;

/**
 * A picker opened from an `sp-button` may be told of one click many times (PS-57264): while one is
 * open, further calls get its answer.
 */
export function onceAtATime<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null;
  return () => {
    opened ??= open().finally(() => (opened = null));
    return opened;
  };
}

export async function chooseCheckpoint(storage: UxpStorage): Promise<ChosenCheckpoint | null> {
  const file = await storage.localFileSystem.getFileForOpening({ types: ['pt'] });
  if (!file) return null;
  const { name, nativePath } = file;
  const { size } = await file.getMetadata();
  if (size > largestHeld) return { name, content: { path: nativePath } };
  return { name, content: new Uint8Array(await file.read({ format: storage.formats.binary })) };
}

export async function saveFile(
  storage: UxpStorage,
  name: string,
  content: Uint8Array | string,
): Promise<void> {
  const types = [name.slice(name.lastIndexOf('.') + 1)];
  const file = await storage.localFileSystem.getFileForSaving(name, { types });
  const { utf8, binary } = storage.formats;
  if (typeof content === 'string') await file?.write(content, { format: utf8 });
  else await file?.write(content.slice().buffer, { format: binary });
}

const tokenKey = 'psp-layers/token';

/**
 * The pairing's token, in the system's key chain. Adobe calls that a cache which may fail or lose what
 * it holds: pairing then lasts until Photoshop quits. The token is ASCII; UXP has no TextDecoder.
 */
export function tokenStore({ secureStorage }: UxpStorage): TokenStore {
  let token: string | null = null;
  return {
    async load() {
      token ??= await orNull(async () => {
        const bytes = await secureStorage.getItem(tokenKey);
        return bytes && bytes.length > 0 ? String.fromCharCode(...bytes) : null;
      });
      return token;
    },
    async save(given) {
      token = given;
      await orNull(() => secureStorage.setItem(tokenKey, given));
    },
  };
}

async function orNull<T>(attempt: () => Promise<T>): Promise<T | null> {
  try {
    return await attempt();
  } catch {
    return null;
  }
}

export function textStore(storage: Pick<Storage, 'getItem' | 'setItem'>): TextStore {
  return {
    read: (key) => storage.getItem(key),
    write: (key, value) => storage.setItem(key, value),
  };
}

export const hostTimers: Timers = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

import type { FileEntry, FolderEntry, StoredFile } from '../../../plugin/hosts/photoshop/api';

/** What a fake file holds: text, or whatever Photoshop saved into it. */
const contents = new WeakMap<FileEntry, unknown>();

export const readFile = (entry: FileEntry): unknown => contents.get(entry);

export function writeFile(entry: FileEntry, content: unknown): void {
  if (!entry.isFile) throw new Error(`"${entry.name}" is not a file`);
  contents.set(entry, content);
}

/** A `uxp.storage.Folder` in memory. */
export class FakeFolder implements FolderEntry {
  readonly isFile = false;
  readonly isFolder = true;
  readonly entries = new Map<string, FileEntry>();

  constructor(
    readonly name: string,
    readonly nativePath: string = `/${name}`,
  ) {}

  async delete(): Promise<void> {
    throw new Error('A plug-in does not delete folders');
  }

  async getMetadata(): Promise<{ size: number }> {
    return { size: 0 };
  }

  async getEntries(): Promise<readonly FileEntry[]> {
    return [...this.entries.values()];
  }

  async getEntry(name: string): Promise<FileEntry> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new Error(`Could not find an entry of '${name}'`);
    return entry;
  }

  async createFile(name: string, options: { overwrite?: boolean } = {}): Promise<StoredFile> {
    if (this.entries.has(name) && !options.overwrite) throw new Error(`'${name}' already exists`);
    return this.put(name, undefined);
  }

  async createFolder(name: string): Promise<FakeFolder> {
    if (this.entries.has(name)) throw new Error(`'${name}' already exists`);
    const folder = new FakeFolder(name, `${this.nativePath}/${name}`);
    this.entries.set(name, folder);
    return folder;
  }

  /** For tests: a file that is already there. */
  put(name: string, content: unknown): StoredFile {
    const nativePath = `${this.nativePath}/${name}`;
    const entry: StoredFile = {
      isFile: true,
      isFolder: false,
      name,
      nativePath,
      delete: async () => this.entries.delete(name),
      getMetadata: async () => ({ size: contents.get(entry) === undefined ? 0 : 1 }),
      read: async () => contents.get(entry) as ArrayBuffer,
      write: async (content) => {
        contents.set(entry, content.slice(0));
        return typeof content === 'string' ? content.length : content.byteLength;
      },
    };
    contents.set(entry, content);
    this.entries.set(name, entry);
    return entry;
  }
}

const byToken = new Map<string, FileEntry>();

function tokenOf(entry: FileEntry): string {
  const token = `session:${byToken.size + 1}`;
  byToken.set(token, entry);
  return token;
}

/** The file behind a session token, as batchPlay finds it. */
export function entryOf(token: unknown): FileEntry {
  const entry = byToken.get(String(token));
  if (entry === undefined) throw new Error('The file could not be found');
  return entry;
}

export class FakeStorage {
  /** What the user picks next; `null` is Cancel. */
  picked: FolderEntry | null = null;
  readonly temporary = new FakeFolder('temporary');
  /** Where the user saves files; `null` is Cancel. */
  savedInto: FakeFolder | null = null;
  readonly formats = { binary: Symbol('binary'), utf8: Symbol('utf8') };
  private readonly secrets = new Map<string, Uint8Array>();

  readonly localFileSystem = {
    getFolder: async (): Promise<FolderEntry | null> => this.picked,
    createSessionToken: (entry: FileEntry): string => tokenOf(entry),
    getTemporaryFolder: async (): Promise<FolderEntry> => this.temporary,
    getFileForOpening: async (): Promise<StoredFile | null> => null,
    getFileForSaving: async (name: string): Promise<StoredFile | null> =>
      this.savedInto?.put(name, undefined) ?? null,
  };

  /** Answers bytes, however the value was stored. */
  readonly secureStorage = {
    getItem: async (key: string): Promise<Uint8Array | null> => this.secrets.get(key) ?? null,
    setItem: async (key: string, value: string): Promise<void> => {
      if (typeof value !== 'string') throw new Error('secureStorage keeps strings or bytes');
      this.secrets.set(
        key,
        Uint8Array.from(value, (character) => character.charCodeAt(0)),
      );
    },
    removeItem: async (key: string): Promise<void> => {
      this.secrets.delete(key);
    },
  };
}

/** Strings only, as in a browser. */
export class FakeLocalStorage {
  private readonly values = new Map<string, string>();
  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.values.set(key, String(value));
  }
  removeItem(key: string): void {
    this.values.delete(key);
  }
}

import { freeze, KeptNames, thaw } from './freeze';

/** One value in the browser's own folder for this page: its text replaced whole, its buffers written once. */
export class KeptFolder {
  private readonly names = new KeptNames();
  private written = new Set<string>();

  private constructor(
    private readonly folder: FileSystemDirectoryHandle,
    private readonly buffers: FileSystemDirectoryHandle,
  ) {}

  /**
   * Waits as long as another tab of this page has it: two would overwrite each other. `null` where the browser keeps
   * nothing.
   * @param onElsewhere called where it must be waited for
   */
  static async open(name: string, onElsewhere = (): void => undefined): Promise<KeptFolder | null> {
    try {
      await lock(name, onElsewhere);
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle(name, { create: true });
      const buffers = await folder.getDirectoryHandle('buffers', { create: true });
      return new KeptFolder(folder, buffers);
    } catch {
      return null;
    }
  }

  /** `null` where nothing was kept, or it cannot be read any more. */
  async read(): Promise<unknown> {
    try {
      for await (const name of this.buffers.keys()) this.written.add(name);
      const file = await this.folder.getFileHandle('value.json');
      const text = await (await file.getFile()).text();
      return await thaw(text, this.names, async (name) =>
        (await this.buffers.getFileHandle(name)).getFile(),
      );
    } catch {
      return null;
    }
  }

  /** Bytes of the disk that it would take. */
  sizeOf(value: unknown): number {
    const { text, kept } = freeze(value, this.names);
    const sizes = [...kept.values()].map((part) =>
      part instanceof Blob ? part.size : part.byteLength,
    );
    return sizes.reduce((sum, size) => sum + size, text.length);
  }

  /**
   * Keeps this value instead of the last. The text comes last and at once, so that a crash leaves one or
   * the other.
   */
  async write(value: unknown): Promise<void> {
    const { text, kept } = freeze(value, this.names);
    for (const [name, part] of kept) {
      if (this.written.has(name)) continue;
      await put(this.buffers, name, part as FileSystemWriteChunkType);
      this.written.add(name);
    }
    await put(this.folder, 'value.json', text);
    for (const name of [...this.written]) {
      if (kept.has(name)) continue;
      this.written.delete(name);
      await this.buffers.removeEntry(name);
    }
  }
}

async function put(
  folder: FileSystemDirectoryHandle,
  name: string,
  content: FileSystemWriteChunkType,
): Promise<void> {
  const file = await folder.getFileHandle(name, { create: true });
  const stream = await file.createWritable();
  await stream.write(content);
  await stream.close();
}

/** The lock is held as long as the tab lives; a crash lets go of it. */
const lock = (name: string, onElsewhere: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const hold = (): Promise<never> => {
      resolve();
      return new Promise(() => undefined);
    };
    const holdOrWait = (free: Lock | null): Promise<never> => {
      if (free) return hold();
      onElsewhere();
      return navigator.locks.request(name, hold);
    };
    navigator.locks.request(name, { ifAvailable: true }, holdOrWait).catch(reject);
  });

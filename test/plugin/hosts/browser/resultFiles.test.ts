import { writeResult, writtenNames } from '../../../../plugin/hosts/browser/files/resultFiles';

/** The part of the File System Access API that is used, as Chromium behaves: names appear empty. */
class MemoryFolder {
  readonly files = new Map<string, Blob>();
  /** Called while a file is written. */
  onWrite: () => void = () => undefined;

  async *values() {
    for (const name of this.files.keys()) yield this.handle(name);
  }

  async getFileHandle(name: string, { create = false } = {}) {
    if (!this.files.has(name) && !create) throw new Error('NotFoundError');
    if (!this.files.has(name)) this.files.set(name, new Blob([]));
    return this.handle(name);
  }

  async removeEntry(name: string): Promise<void> {
    this.files.delete(name);
  }

  private handle(name: string) {
    return {
      kind: 'file',
      name,
      getFile: async () => this.files.get(name)!,
      createWritable: async () => {
        let written = new Blob([]);
        return {
          write: async (blob: Blob) => {
            this.onWrite();
            written = blob;
          },
          abort: async () => undefined,
          close: async () => void this.files.set(name, written),
        };
      },
    };
  }
}

const write = (folder: MemoryFolder, text: string): Promise<void> =>
  writeResult(folder as unknown as FileSystemDirectoryHandle, 'a.psd', new Blob([text]));
const finished = (folder: MemoryFolder): Promise<readonly string[]> =>
  writtenNames(folder as unknown as FileSystemDirectoryHandle);

test('a write that fails leaves nothing that passes for a finished result', async () => {
  const folder = new MemoryFolder();
  folder.onWrite = () => {
    throw new DOMException('QuotaExceededError');
  };
  await expect(write(folder, 'ours')).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
  expect([...folder.files.keys()]).toEqual([]);
});

test('what a closed tab has left empty is no result, and is written anew', async () => {
  const folder = new MemoryFolder();
  folder.files.set('a.psd', new Blob([]));
  expect(await finished(folder)).toEqual([]);
  await write(folder, 'ours');
  expect(await finished(folder)).toEqual(['a.psd']);
});

test.each([
  ['before', (_: MemoryFolder, put: () => void) => put()],
  ['meanwhile', (folder: MemoryFolder, put: () => void) => void (folder.onWrite = put)],
])('a file that came there %s is not overwritten', async (_when, arrange) => {
  const folder = new MemoryFolder();
  arrange(folder, () => void folder.files.set('a.psd', new Blob(['theirs'])));
  await expect(write(folder, 'ours')).rejects.toMatchObject({
    message: expect.stringContaining('is already there'),
  });
  expect(await folder.files.get('a.psd')!.text()).toBe('theirs');
});

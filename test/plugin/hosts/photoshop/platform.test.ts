import {
  chooseCheckpoint,
  onceAtATime,
  saveFile,
  tokenStore,
  type UxpStorage,
} from '../../../../plugin/hosts/photoshop/platform';
import type { StoredFile } from '../../../../plugin/hosts/photoshop/api';
import { FakeStorage } from '../../../support/photoshop/storage';

function storageWith(change: Partial<UxpStorage['localFileSystem']> = {}): UxpStorage {
  const fake = new FakeStorage();
  return {
    secureStorage: fake.secureStorage,
    formats: fake.formats,
    localFileSystem: {
      ...fake.localFileSystem,
      getFileForOpening: async () => undefined,
      getFileForSaving: async () => null,
      ...change,
    },
  };
}

function file(size: number): StoredFile & { written: Uint8Array | null } {
  const picked = {
    isFile: true,
    isFolder: false,
    name: 'cars.pt',
    nativePath: '/cars.pt',
    written: null as Uint8Array | null,
    delete: async () => undefined,
    getMetadata: async () => ({ size }),
    read: async () => Uint8Array.of(1, 2, 3).buffer,
    write: async (content: ArrayBuffer | string) => {
      picked.written = new Uint8Array(content as ArrayBuffer);
      return picked.written.length;
    },
  };
  return picked;
}

describe('files through UXP', () => {
  test('a declined picker is nothing', async () => {
    expect(await chooseCheckpoint(storageWith())).toBeNull();
    await saveFile(storageWith(), 'face.npy', Uint8Array.of(1));
  });

  test('a checkpoint is read; of one that a plug-in cannot hold the bridge is told where it lies', async () => {
    const choose = (size: number) =>
      chooseCheckpoint(storageWith({ getFileForOpening: async () => file(size) }));
    expect(await choose(3)).toEqual({ name: 'cars.pt', content: Uint8Array.of(1, 2, 3) });
    expect(await choose(1_200_000_000)).toEqual({
      name: 'cars.pt',
      content: { path: '/cars.pt' },
    });
  });

  test('only the bytes of a view are written', async () => {
    const target = file(0);
    const view = Uint8Array.of(9, 8, 7, 6).subarray(1, 3);
    await saveFile(storageWith({ getFileForSaving: async () => target }), 'face.npy', view);
    expect(target.written).toEqual(Uint8Array.of(8, 7));
  });
});

describe('the token', () => {
  test('is kept in the key chain', async () => {
    const storage = storageWith();
    expect(await tokenStore(storage).load()).toBeNull();
    await tokenStore(storage).save('abc-123');
    expect(await tokenStore(storage).load()).toBe('abc-123');
  });

  test('without a key chain it is kept until Photoshop quits', async () => {
    const broken = () => Promise.reject(new Error('locked'));
    const storage = { ...storageWith(), secureStorage: { getItem: broken, setItem: broken } };
    const store = tokenStore(storage);
    expect(await store.load()).toBeNull();
    await store.save('abc-123');
    expect(await store.load()).toBe('abc-123');
  });
});

test('a picker that is open is not opened again; afterwards it is', async () => {
  const opened: ((name: string) => void)[] = [];
  const pick = onceAtATime(() => new Promise<string>((choose) => opened.push(choose)));
  const clicks = [pick(), pick(), pick()];
  opened[0]!('cars.pt');
  expect(await Promise.all(clicks)).toEqual(['cars.pt', 'cars.pt', 'cars.pt']);
  const later = pick();
  opened[1]!('dogs.pt');
  expect(await later).toBe('dogs.pt');
  expect(opened).toHaveLength(2);
});

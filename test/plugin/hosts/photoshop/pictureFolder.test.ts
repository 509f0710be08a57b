import { documentFile } from '../../../support/photoshop/photoshop';
import type { DocumentState } from '../../../support/photoshop/state';
import { FakeFolder, readFile } from '../../../support/photoshop/storage';
import { box, commitOf, newLayer, opaque, setUp } from './setUp';

const portrait = documentFile({
  width: 20,
  height: 20,
  layers: [
    { name: 'Title', kind: 'text' },
    { name: 'Photo', paint: opaque(0.5) },
  ],
});

async function choose(...files: readonly string[]) {
  const fixture = setUp();
  const disk = new FakeFolder('Portraits');
  for (const name of files) disk.put(name, name.endsWith('.txt') ? 'notes' : portrait);
  fixture.storage.picked = disk;
  return { ...fixture, disk, folder: (await fixture.host.chooseFolder())! };
}

describe('a folder of pictures in Photoshop', () => {
  test('nothing chosen is no folder', async () => {
    expect(await setUp().host.chooseFolder()).toBeNull();
  });

  test('pictures are listed in order, other files and the results left out', async () => {
    const { folder, disk } = await choose('b.jpg', 'a.psd', 'notes.txt', 'C.TIFF');
    await disk.createFolder('pSp Layers');
    expect(await folder.listPictures()).toEqual(['a.psd', 'b.jpg', 'C.TIFF']);
    expect(await folder.listFinished('toonify 0')).toEqual([]);
  });

  test('open, commit, save, close: a PSD in the output folder, the source as it was', async () => {
    const { folder, disk, host, photoshop, documentId } = await choose('a.psd');
    const target = await folder.open('a.psd');
    expect(target).toMatchObject({ documentName: 'a.psd', layerName: 'Photo', refusal: null });
    await host.commitLayers(target, commitOf(newLayer('New', box(1, 1, 5, 5))));
    await folder.save(target, 'a.psd', 'toonify 0');
    await folder.close(target);
    expect([...photoshop.world.documents.keys()]).toEqual([documentId]);
    expect(readFile(disk.entries.get('a.psd')!)).toBe(portrait);
    const output = disk.entries.get('pSp Layers') as FakeFolder;
    const saved = readFile(output.entries.get('a toonify 0.psd')!) as DocumentState;
    expect(saved.layers.map((layer) => layer.name)).toEqual(['Title', 'New', 'Photo']);
    expect(await folder.listFinished('toonify 0')).toEqual(['a.psd']);
    expect(await folder.listFinished('toonify 1')).toEqual([]);
    expect(photoshop.problems()).toEqual([]);
  });

  test('an existing result is never overwritten', async () => {
    const { folder } = await choose('a.psd');
    const target = await folder.open('a.psd');
    await folder.save(target, 'a.psd', 'toonify 0');
    await expect(folder.save(target, 'a.psd', 'toonify 0')).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringContaining('"a toonify 0.psd" could not be written') as string,
    });
  });

  test('an empty file, as a killed Photoshop leaves it, is no result', async () => {
    const { folder, disk } = await choose('a.psd');
    const output = await disk.createFolder('pSp Layers');
    output.put('a toonify 0.psd', undefined);
    expect(await folder.listFinished('toonify 0')).toEqual([]);
    await folder.save(await folder.open('a.psd'), 'a.psd', 'toonify 0');
    expect(await folder.listFinished('toonify 0')).toEqual(['a.psd']);
  });

  test('pictures that differ only in their ending do not meet in one result', async () => {
    const { folder, disk } = await choose('a.jpg', 'a.png');
    for (const name of ['a.jpg', 'a.png'])
      await folder.save(await folder.open(name), name, 'toonify 0');
    const output = disk.entries.get('pSp Layers') as FakeFolder;
    expect([...output.entries.keys()]).toEqual(['a.jpg toonify 0.psd', 'a.png toonify 0.psd']);
  });

  test('a save that fails leaves no half file that would pass for a result', async () => {
    const { folder, photoshop } = await choose('a.psd');
    const target = await folder.open('a.psd');
    photoshop.world.diskFull = true;
    await expect(folder.save(target, 'a.psd', 'toonify 0')).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringContaining('The disk is full') as string,
    });
    expect(await folder.listFinished('toonify 0')).toEqual([]);
  });

  test('nobody is asked about fonts and profiles', async () => {
    const { folder, photoshop } = await choose('a.psd');
    await folder.open('a.psd');
    expect(photoshop.problems()).toEqual([]);
  });

  test('a broken file is an error that names nothing but itself', async () => {
    const { folder, disk } = await choose('a.psd');
    disk.put('broken.png', 'not a picture');
    await expect(folder.open('broken.png')).rejects.toThrow('Could not open "broken.png"');
  });
});

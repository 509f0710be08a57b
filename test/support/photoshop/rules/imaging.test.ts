import { FakePhotoshop, type DocumentSpec } from '../photoshop';

const red = (): [number, number, number, number] => [1, 0, 0, 1];
const small: DocumentSpec = {
  width: 20,
  height: 10,
  layers: [
    { name: 'Photo', bounds: { left: -5, top: 2, right: 5, bottom: 8 }, paint: red },
    { name: 'Background', background: true, paint: () => [0, 1, 0, 1] },
  ],
};
const canvas = { left: 0, top: 0, right: 20, bottom: 10 };

function open(spec: Partial<DocumentSpec> = {}) {
  const photoshop = new FakePhotoshop();
  const documentID = photoshop.openDocument({ ...small, ...spec });
  const layerID = photoshop.idOf(documentID, spec.layers?.[0]?.name ?? 'Photo');
  const { imaging, core } = photoshop.api;
  const modal = <T>(run: () => Promise<T>) => core.executeAsModal(run, { commandName: 'Test' });
  const buffer = (samples: Uint8Array | Uint16Array, width: number, height: number) =>
    imaging.createImageDataFromBuffer(samples, {
      width,
      height,
      components: 4,
      colorSpace: 'RGB',
      colorProfile: 'sRGB IEC61966-2.1',
    });
  return { photoshop, documentID, layerID, imaging, modal, buffer };
}

describe('the fake imaging API', () => {
  test('refuses to read or write outside a modal scope', async () => {
    const { imaging, documentID, layerID, buffer } = open();
    await expect(imaging.getPixels({ documentID, layerID })).rejects.toThrow('executeAsModal');
    const imageData = await buffer(new Uint8Array(4), 1, 1);
    await expect(imaging.putPixels({ documentID, layerID, imageData })).rejects.toThrow(
      'executeAsModal',
    );
  });

  test('an empty region throws what Photoshop throws', async () => {
    const { imaging, documentID, layerID, modal } = open();
    const sourceBounds = { left: 10, top: 0, right: 20, bottom: 10 };
    await expect(
      modal(() => imaging.getPixels({ documentID, layerID, sourceBounds })),
    ).rejects.toThrow('grabPixels: got invalid empty image region');
  });

  test('trims to real pixels and gives the Background three components', async () => {
    const { photoshop, imaging, documentID, layerID, modal } = open();
    const photo = await modal(() =>
      imaging.getPixels({ documentID, layerID, sourceBounds: canvas }),
    );
    expect(photo.sourceBounds).toEqual({ left: 0, top: 2, right: 5, bottom: 8 });
    expect(photo.imageData.components).toBe(4);
    const background = photoshop.idOf(documentID, 'Background');
    const { imageData } = await modal(() => imaging.getPixels({ documentID, layerID: background }));
    expect(imageData.components).toBe(3);
    expect(photoshop.problems()).toHaveLength(2);
    photo.imageData.dispose();
    imageData.dispose();
    expect(photoshop.problems()).toEqual([]);
    await expect(imageData.getData({})).rejects.toThrow('disposed');
  });

  // imaging.md, Performance considerations.
  test('what is held at once, image data and its copy, has a limit', async () => {
    const { photoshop, imaging, documentID, layerID, modal } = open();
    const { pool } = photoshop.world;
    expect(pool.limitBytes).toBe(600 * 1024 * 1024);
    const { imageData } = await modal(() => imaging.getPixels({ documentID, layerID }));
    const bytes = 10 * 6 * 4;
    pool.limitBytes = 2 * bytes;
    await imageData.getData({});
    expect(pool.warnings).toEqual([]);
    pool.limitBytes = 2 * bytes - 1;
    await imageData.getData({});
    expect(pool.warnings).toEqual([expect.stringContaining('exceeds memory limit')]);
    imageData.dispose();
    expect(photoshop.problems()).toEqual(pool.warnings);
  });

  test('counts 16 bits to 32768 unless the full range is asked for', async () => {
    const { imaging, documentID, layerID, modal } = open({ bits: 16 });
    const { imageData } = await modal(() => imaging.getPixels({ documentID, layerID }));
    expect((await imageData.getData({}))[0]).toBe(32768);
    expect((await imageData.getData({ fullRange: true }))[0]).toBe(65535);
    await expect(
      modal(() => imaging.getPixels({ documentID, layerID, componentSize: 8 })),
    ).rejects.toThrow('8 bit');
    const samples = new Uint16Array(4).fill(65535);
    const shape = { width: 1, height: 1, components: 4, colorSpace: 'RGB' } as const;
    await expect(imaging.createImageDataFromBuffer(samples, shape)).rejects.toThrow('32768');
  });

  test('gives levels of the pyramid when a target size is given', async () => {
    const { imaging, documentID, layerID, modal } = open();
    const targetSize = { width: 5, height: 3 };
    const got = await modal(() => imaging.getPixels({ documentID, layerID, targetSize }));
    expect(got.level).toBe(1);
    expect(got.sourceBounds).toEqual({ left: -3, top: 1, right: 3, bottom: 4 });
  });

  test('converts to the profile asked for, knows no linear names, only RGB and greyscale', async () => {
    const paint = (): [number, number, number, number] => [0.5, 0.5, 0.5, 1];
    const spec = { profile: 'Adobe RGB (1998)', layers: [{ name: 'Photo', paint }] };
    const { photoshop, imaging, documentID, layerID, modal } = open(spec);
    const read = async (colorProfile?: string) => {
      const options = colorProfile === undefined ? {} : { colorProfile };
      const got = await modal(() => imaging.getPixels({ documentID, layerID, ...options }));
      return (await got.imageData.getData({}))[0]!;
    };
    expect(await read()).toBe(107);
    expect(await read('sRGB IEC61966-2.1')).toBe(127);
    await expect(read('sRGB IEC61966-2.1 (Linear RGB Profile)')).rejects.toThrow('profile');
    photoshop.world.document(documentID).mode = 'CMYKColorMode';
    await expect(read()).rejects.toThrow('CMYK');
  });

  test('refuses buffers of the wrong length, wrong depth, and layers that take no pixels', async () => {
    const { photoshop, imaging, documentID, layerID, modal, buffer } = open({ bits: 16 });
    await expect(buffer(new Uint8Array(5), 1, 1)).rejects.toThrow('5 elements');
    const eight = await buffer(new Uint8Array(4), 1, 1);
    const put = (imageData: typeof eight) =>
      modal(() => imaging.putPixels({ documentID, layerID, imageData }));
    await expect(put(eight)).rejects.toThrow('8 bit image data for a 16 bit document');
    const sixteen = await buffer(new Uint16Array(4), 1, 1);
    const { layer } = photoshop.world.layer(documentID, layerID);
    layer.locked = true;
    await expect(put(sixteen)).rejects.toThrow('locked');
    layer.locked = false;
    layer.kind = 'smartObject';
    await expect(put(sixteen)).rejects.toThrow('not a pixel layer');
  });

  test('a mask must exist before it is written, and a selection before it is read', async () => {
    const { imaging, documentID, layerID, modal } = open();
    const imageData = await imaging.createImageDataFromBuffer(new Uint8Array(1), {
      width: 1,
      height: 1,
      components: 1,
      colorSpace: 'Grayscale',
      colorProfile: 'Gray Gamma 2.2',
    });
    await expect(
      modal(() => imaging.putLayerMask({ documentID, layerID, imageData })),
    ).rejects.toThrow('no layer mask');
    await expect(modal(() => imaging.getSelection({ documentID }))).rejects.toThrow('no selection');
  });

  test('greyscale is read without its transparency, as RGB with it', async () => {
    // Issue 501 of AdobeDocs/uxp-photoshop.
    const grey = { mode: 'grayscaleMode', profile: 'Gray Gamma 2.2' };
    const { documentID, layerID, imaging, modal } = open(grey);
    const plain = await modal(() => imaging.getPixels({ documentID, layerID }));
    expect(plain.imageData.components).toBe(1);
    const rgb = { colorSpace: 'RGB', colorProfile: 'sRGB IEC61966-2.1' } as const;
    const asked = await modal(() => imaging.getPixels({ documentID, layerID, ...rgb }));
    expect(asked.imageData.components).toBe(4);
    plain.imageData.dispose();
    asked.imageData.dispose();
  });
});

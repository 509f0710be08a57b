import { initializeCanvas, readPsd } from 'ag-psd';
import { createDocument, memorySink, type NewBase, type NewLayer, type Samples } from '../../psd';
import { canvas, create, opaque, patch, patchMask as mask, previewOf } from './created';
import { gradient, structureOf } from './support';

// ag-psd asks its host for canvases even where it reads plain pixels.
initializeCanvas(
  () => {
    throw new Error('Pixels are read without a canvas.');
  },
  (width, height) =>
    ({ width, height, data: new Uint8ClampedArray(width * height * 4) }) as ImageData,
);

describe('documents created', () => {
  it('have an alpha channel and white matte where they are transparent', async () => {
    const bytes = await create(8, [patch(8)]);
    const document = await structureOf(bytes);
    expect(document.header.channelCount).toBe(4);
    expect(document.layerInfo!.mergedTransparency).toBe(true);
    const pixels = await previewOf(bytes);
    expect([...pixels.slice(0, 4)]).toEqual([255, 255, 255, 0]);
  });

  it('carry their ICC profile', async () => {
    const iccProfile = Uint8Array.from({ length: 131 }, (_, i) => i);
    const sink = memorySink();
    const layers = [opaque(8)];
    await createDocument({ width: 24, height: 18, depth: 8, iccProfile, layers }, sink);
    const { offset, length } = (await structureOf(sink.bytes())).iccProfile!;
    expect(sink.bytes().slice(offset, offset + length)).toEqual(iccProfile);
  });

  it.each([false, true])('read in ag-psd as they were written', async (large) => {
    const photo = opaque(8);
    const group: NewLayer = { kind: 'group', name: '顔', mask, layers: [patch(8)] };
    const psd = readPsd(await create(8, [photo, group], large), { useImageData: true });
    expect(psd.children?.map(({ name }) => name)).toEqual(['photo', '顔']);
    expect([...psd.children![0]!.imageData!.data]).toEqual([...photo.pixels]);
    const face = psd.children![1]!.children![0]!;
    expect(face).toMatchObject({ name: 'face', left: 2, top: 3, right: 32, bottom: 12 });
    expect(face.opacity).toBeCloseTo(0.7, 2);
    expect(face.mask).toMatchObject({ left: 4, top: 4, defaultColor: 255 });
    const maskRed = [...face.mask!.imageData!.data].filter((_, i) => i % 4 === 0);
    expect(maskRed).toEqual([...mask.pixels]);
  });

  it('are refused when a side is too long for the format', async () => {
    const spec = { width: 30001, height: 1, depth: 8, layers: [] } as const;
    await expect(createDocument(spec, memorySink())).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await createDocument({ ...spec, large: true }, memorySink());
  });
});

describe('a base that is handed in by bands', () => {
  const width = 24;
  async function* bandsOf(pixels: Samples, rows: number) {
    for (let at = 0; at < pixels.length; at += rows * width * 4) {
      yield pixels.slice(at, at + rows * width * 4);
    }
  }
  const write = async (depth: 8 | 16 | 32, base: NewBase, layers: readonly NewLayer[] = []) => {
    const sink = memorySink();
    await createDocument({ width, height: 18, depth, base, layers }, sink);
    return sink.bytes();
  };

  describe.each([8, 16, 32] as const)('of %i bit', (depth) => {
    it.each([
      ['opaque', opaque(depth).pixels],
      ['transparent', gradient(depth, width, 18)],
    ])('and %s gives the bytes that a lowest layer gives', async (_, pixels) => {
      const lowest = { kind: 'pixels', name: 'photo', bounds: canvas, pixels } as const;
      const hidden = { ...patch(depth), visible: false };
      for (const above of [[], [patch(depth)], [hidden]]) {
        const whole = await create(depth, [lowest, ...above]);
        for (const rows of [1, 5, 18]) {
          const bands = bandsOf(pixels, rows);
          expect(await write(depth, { name: 'photo', bands }, above)).toEqual(whole);
        }
      }
    });
  });

  it('is refused in another size or depth than the document', async () => {
    const { pixels } = opaque(8);
    const refused = { code: 'BAD_LAYER' };
    const tooShort = { name: 'photo', bands: bandsOf(pixels.subarray(width * 4), 5) };
    await expect(write(8, tooShort)).rejects.toMatchObject(refused);
    const tooDeep = { name: 'photo', bands: bandsOf(pixels, 5) };
    await expect(write(16, tooDeep)).rejects.toMatchObject(refused);
  });
});

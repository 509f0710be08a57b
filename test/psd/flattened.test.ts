import { decodeLayer, memorySource } from '../../psd';
import { create, opaque, patch, previewOf } from './created';
import { insert, structureOf } from './support';

describe('flattened documents', () => {
  /** A document as ImageMagick's `-flatten` leaves it to others: no layer section at all. */
  async function flattened(depth: 8 | 16 | 32, large: boolean, section: 'none' | 'empty') {
    const bytes = await create(depth, [opaque(depth)], large);
    const { layerSection, preview } = await structureOf(bytes);
    const field = large ? 8 : 4;
    const empty = section === 'none' ? 0 : field + 4;
    const result = Buffer.concat([
      bytes.slice(0, layerSection.offset - field),
      Buffer.alloc(field + empty),
      bytes.slice(preview.offset),
    ]);
    result.writeUInt32BE(empty, layerSection.offset - 4);
    return new Uint8Array(result);
  }

  describe.each([8, 16, 32] as const)('of %i bit', (depth) => {
    it.each([
      [false, 'none'],
      [false, 'empty'],
      [true, 'none'],
      [true, 'empty'],
    ] as const)(
      'get their picture as the lowest layer (large: %s, section: %s)',
      async (large, section) => {
        const original = await flattened(depth, large, section);
        expect((await structureOf(original)).layers).toEqual([]);
        const layers = [patch(depth)];
        const { bytes, report } = await insert(original, { above: 'background', layers });
        expect(report.preview).toBe('updated');
        const expected = await create(depth, [opaque(depth), ...layers], large);
        expect(await previewOf(bytes)).toEqual(await previewOf(expected));
        const document = await structureOf(bytes);
        expect(document.layers.map(({ name }) => name)).toEqual(['Background', 'face']);
        expect(document.layers[0]!.locks.transparency).toBe(true);
        const source = memorySource(bytes);
        const background = await decodeLayer(source, document, document.layers[0]!);
        expect(background.pixels).toEqual(opaque(depth).pixels);
        const face = await decodeLayer(source, document, document.layers[1]!);
        expect(face.pixels).toEqual(layers[0]!.pixels);
      },
    );
  });
});

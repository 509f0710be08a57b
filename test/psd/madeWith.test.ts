import {
  createDocument,
  insertLayers,
  memorySink,
  memorySource,
  noteMadeLayers,
  type MadeLayer,
} from '../../psd';
import { boundsAt, corpus, pixelLayer, readCorpus, structureOf } from './support';

const xmpId = 1060;
const made: MadeLayer = {
  name: 'Edit · face 1 · “starter” <顔>',
  operation: 'edit',
  model: 'starter',
  seed: 7,
  settings: { smile: 0.6, area: 'crop' },
};
const sourceType = 'digitalsourcetype/compositeWithTrainedAlgorithmicMedia';

const textOf = (packet: Uint8Array | null): string => Buffer.from(packet!).toString('utf8');
const packetOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));

/** What a packet says, decoded: every element's name with its text. */
function elements(packet: Uint8Array | null): readonly (readonly [string, string])[] {
  const text = textOf(packet);
  return [...text.matchAll(/<([\w:]+)[^>]*>([^<]*)<\/\1>/g)].map(([, name, value]) => [
    name!,
    value!.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
  ]);
}

test('a document without a packet gets one that says how its layer was made', () => {
  const packet = noteMadeLayers(null, [made]);
  expect(textOf(packet)).toMatch(/^<\?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"\?>/);
  expect(elements(packet)).toEqual([
    ['Iptc4xmpExt:DigitalSourceType', `http://cv.iptc.org/newscodes/${sourceType}`],
    ['pspLayers:layer', made.name],
    ['pspLayers:operation', 'edit'],
    ['pspLayers:model', 'starter'],
    ['pspLayers:seed', '7'],
    ['pspLayers:settings', '{"smile":0.6,"area":"crop"}'],
  ]);
});

test('what a packet says of others stays, and later layers follow the earlier', () => {
  const own =
    '<rdf:Description rdf:about="" xmlns:dc="dc"><dc:title>Zoë</dc:title></rdf:Description>';
  const given = packetOf(`<x:xmpmeta><rdf:RDF>${own}</rdf:RDF></x:xmpmeta>   `);
  const once = noteMadeLayers(given, [made]);
  const twice = noteMadeLayers(once, [{ ...made, operation: 'inpaint', seed: null }]);
  expect(textOf(twice)).toContain(own);
  expect(textOf(twice).endsWith('</x:xmpmeta>   ')).toBe(true);
  const said = elements(twice);
  expect(said.filter(([name]) => name.endsWith('operation'))).toEqual([
    ['pspLayers:operation', 'edit'],
    ['pspLayers:operation', 'inpaint'],
  ]);
  expect(said.filter(([name]) => name.endsWith('DigitalSourceType'))).toHaveLength(1);
  expect(said.filter(([name]) => name.endsWith('seed'))).toHaveLength(1);
});

test('a list that another program wrote again is gone on with', () => {
  // As Exiv2 does, and GIMP by it.
  const list =
    '<pspLayers:made> <rdf:Bag> <rdf:li pspLayers:operation="edit"/> </rdf:Bag> </pspLayers:made>';
  const text = textOf(noteMadeLayers(packetOf(`<rdf:RDF>${list}</rdf:RDF>`), [made]));
  expect(text.match(/<pspLayers:made>/g)).toHaveLength(1);
  expect(text).toMatch(/"edit"\/> <rdf:li .*<\/rdf:li><\/rdf:Bag>/);
});

test.each([
  ['attribute', '<rdf:Description iptc:DigitalSourceType="http://x/digitalCapture" a="b"/>'],
  ['element', '<iptc:DigitalSourceType>http://x/digitalCapture</iptc:DigitalSourceType>'],
  ['reference', '<iptc:DigitalSourceType rdf:resource="http://x/digitalCapture"/>'],
])('an earlier source type as %s gives way', (_, said) => {
  const text = textOf(noteMadeLayers(packetOf(`<rdf:RDF>${said}</rdf:RDF>`), [made]));
  expect(text).not.toContain('digitalCapture');
  expect(text.match(/DigitalSourceType>http/g)).toHaveLength(1);
});

test('what is no packet, and a note of nothing, change nothing', () => {
  const strange = packetOf('<rdf:RDF/>');
  expect(noteMadeLayers(strange, [made])).toBe(strange);
  expect(noteMadeLayers(null, [])).toBeNull();
});

async function xmpIn(bytes: Uint8Array): Promise<Uint8Array | null> {
  const { resources } = await structureOf(bytes);
  const blocks = resources.blocks.filter(({ id }) => id === xmpId);
  expect(blocks.length).toBeLessThan(2);
  const [block] = blocks;
  return block ? bytes.slice(block.offset, block.offset + block.length) : null;
}

const handled = corpus.filter((name) => !name.includes('cmyk'));

test.each(handled)('%s says it in its own packet; its other resources stay', async (name) => {
  const before = readCorpus(name);
  const source = memorySource(before);
  const document = await structureOf(before);
  const depth = document.header.depth as 8 | 16 | 32;
  const grey = document.header.colorMode === 'greyscale';
  const above = document.layers.length > 0 ? document.layers.length - 1 : 'background';
  const layers = [pixelLayer('face 1', depth, boundsAt(1, 1, 3, 3), { grey })];
  const sink = memorySink();
  await insertLayers(source, document, [{ above, layers }], sink, [made]);
  const after = sink.bytes();
  expect(await xmpIn(after)).toEqual(noteMadeLayers(await xmpIn(before), [made]));
  const { resources, layers: all } = await structureOf(after);
  const others = ({ id }: { readonly id: number }): boolean =>
    ![xmpId, 1024, 1026, 1072].includes(id);
  const contents = (bytes: Uint8Array, blocks: typeof resources.blocks) =>
    blocks
      .filter(others)
      .map(({ id, offset, length }) => [id, bytes.slice(offset, offset + length)]);
  expect(contents(after, resources.blocks)).toEqual(contents(before, document.resources.blocks));
  expect(all.at(-1)!.name).toBe('face 1');
});

test('twice into a file: both are told, in one packet', async () => {
  const first = memorySink();
  const layer = pixelLayer('Source', 8, boundsAt(0, 0, 4, 4));
  const xmp = noteMadeLayers(null, [made]);
  await createDocument(
    { width: 4, height: 4, depth: 8, layers: [layer], metadata: { xmp } },
    first,
  );
  const second = memorySink();
  const bytes = first.bytes();
  const insertion = { above: 0, layers: [pixelLayer('again', 8, boundsAt(0, 0, 2, 2))] };
  const again = { ...made, name: 'again' };
  await insertLayers(memorySource(bytes), await structureOf(bytes), [insertion], second, [again]);
  const said = elements(await xmpIn(second.bytes()));
  expect(said.filter(([name]) => name === 'pspLayers:layer').map(([, value]) => value)).toEqual([
    made.name,
    'again',
  ]);
});

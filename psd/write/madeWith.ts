/** How one layer was made: enough to tell it from a photograph, and to make it again. */
export interface MadeLayer {
  readonly name: string;
  readonly operation: string;
  readonly model: string;
  /** `null` where nothing was drawn by chance. */
  readonly seed: number | null;
  /** The operation's other parameters, by their names. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const namespace = 'urn:psp-layers:made:1.0/';
/** IPTC's word for a picture of which parts were made by a trained model. */
const sourceType =
  'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';

/**
 * Says in an XMP packet (ISO 16684-1) how layers were made: behind what it says of others, with the
 * picture's IPTC digital source type. All else in it stays, byte for byte.
 * @param packet of the document; `null` where it has none
 * @returns the packet as it was where it cannot be read
 */
export function noteMadeLayers(
  packet: Uint8Array | null,
  layers: readonly MadeLayer[],
): Uint8Array | null {
  if (layers.length === 0) return packet;
  const text = packet ? toText(packet) : emptyPacket;
  const entries = layers.map(entryOf).join('');
  const noted = endOfList.test(text)
    ? text.replace(endOfList, (end) => entries + end)
    : withoutSourceType(text).replace(endOfRdf, (end) => descriptionOf(entries) + end);
  return noted.includes(entries) ? toBytes(noted) : packet;
}

const emptyPacket =
  '<?xpacket begin="\u00ef\u00bb\u00bf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n' +
  '<x:xmpmeta xmlns:x="adobe:ns:meta/">' +
  '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>' +
  '</x:xmpmeta>\n<?xpacket end="w"?>';

const endOfRdf = /<\/rdf:RDF>/;
/** Of this note's own list, as it was written or as another program wrote it again. */
const endOfList = /<\/rdf:(Seq|Bag)>\s*<\/pspLayers:made>/;

/** A property may be said once: what the photograph was is not what it is now. */
const withoutSourceType = (text: string): string =>
  text
    .replace(/\s[\w-]+:DigitalSourceType=("[^"]*"|'[^']*')/g, '')
    .replace(/<([\w-]+:DigitalSourceType)\b[^>]*(\/>|>[^<]*<\/\1>)/g, '');

const descriptionOf = (entries: string): string =>
  `<rdf:Description rdf:about="" xmlns:pspLayers="${namespace}" ` +
  'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">' +
  `<Iptc4xmpExt:DigitalSourceType>${sourceType}</Iptc4xmpExt:DigitalSourceType>` +
  `<pspLayers:made><rdf:Seq>${entries}</rdf:Seq></pspLayers:made></rdf:Description>`;

function entryOf({ name, operation, model, seed, settings }: MadeLayer): string {
  const said = {
    layer: name,
    operation,
    model,
    ...(seed === null ? {} : { seed: `${seed}` }),
    settings: JSON.stringify(settings),
  };
  const fields = Object.entries(said).map(
    ([key, value]) => `<pspLayers:${key}>${escape(value)}</pspLayers:${key}>`,
  );
  return `<rdf:li rdf:parseType="Resource">${fields.join('')}</rdf:li>`;
}

/** ASCII, so that it fits a packet of UTF-8 that is read as Latin-1. */
const escape = (value: string): string =>
  [...value]
    .map((character) => {
      const code = character.codePointAt(0)!;
      if (code < 32) return ' ';
      return code > 126 || '<>&"\''.includes(character) ? `&#${code};` : character;
    })
    .join('');

/** Byte by byte: what is not looked at must come out as it went in. */
function toText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const toBytes = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));

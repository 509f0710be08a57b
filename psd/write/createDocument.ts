import { ByteWriter, type ByteSink } from '../bytes';
import type { PsdHeader } from '../document';
import { encodeBase, packBase, type NewBase } from './base';
import { encodeLayers } from './encodeLayers';
import { coversCanvas, encodePreview, type Stack } from './encodePreview';
import { PsdError } from '../errors';
import { MAX_SIDE, writeHeader, type PixelHeader } from '../read/header';
import { MAX_PSD_BYTES } from './insertLayers';
import { frameLayerList, layerBlockKey } from './layerList';
import { validateLayers, type NewLayer } from './newLayer';
import { resourceId, writeResource } from '../read/resources';

export interface NewMetadata {
  readonly pixelsPerInch?: number | null;
  /** A TIFF block. */
  readonly exif?: Uint8Array | null;
  /** IIM records. */
  readonly iptc?: Uint8Array | null;
  /** An XMP packet. */
  readonly xmp?: Uint8Array | null;
  readonly copyrighted?: boolean;
}

export interface NewDocument {
  readonly width: number;
  readonly height: number;
  /** Bits per channel; the layers' pixels must have it. */
  readonly depth: 8 | 16 | 32;
  /** PSB: for sides over 30,000 pixels and files over 2 GB. */
  readonly large?: boolean;
  /** The RGB profile that the pixels are in, as the bytes of an ICC file. */
  readonly iccProfile?: Uint8Array;
  /** What the document says beside its pixels; 72 pixels per inch unless given. */
  readonly metadata?: NewMetadata;
  /** Below all layers. */
  readonly base?: NewBase;
  /** From the bottom to the top. */
  readonly layers: readonly NewLayer[];
}

/**
 * Writes a new RGB document with its layers and an exact flattened preview: all blending here is
 * normal, with opacity and masks. Transparent places of the preview are matted with white and the
 * preview gets an alpha channel, as Photoshop writes it.
 * @throws PsdError BAD_LAYER before anything is written; TOO_LARGE, perhaps when the layers are.
 */
export async function createDocument(document: NewDocument, sink: ByteSink): Promise<void> {
  const { width, height, depth, large = false, layers } = document;
  const opaque = { large, width, height, depth, colorMode: 'rgb', channelCount: 3 } as const;
  requireSides(opaque);
  validateLayers(layers, opaque);
  const stack = { base: document.base ? await packBase(opaque, document.base) : null, layers };
  const transparent = !coversCanvas(opaque, stack);
  const header = transparent ? { ...opaque, channelCount: 4 } : opaque;
  const written = await writeLayers(document, stack, header, transparent, sink);
  // Only now, when the layers' encoded channels are let go: the two are as large as each other.
  const preview = encodePreview(header, stack);
  requireFileSize(header, written + preview.byteLength);
  for (const chunk of preview.chunks) await sink.write(chunk);
}

/** All that stands before the preview. @returns its bytes */
async function writeLayers(
  document: NewDocument,
  { base, layers }: Stack,
  header: PixelHeader,
  transparent: boolean,
  sink: ByteSink,
): Promise<number> {
  const { large } = header;
  const encoded = [
    ...(base ? [encodeBase(header, base)] : []),
    encodeLayers(layers, header, false),
  ];
  const list = frameLayerList(header, encoded, transparent);
  const head = new ByteWriter();
  writeHeader(head, header);
  head.uint32(0);
  const resources = encodeResources(document);
  head.uint32(resources.length).append(resources);
  // The fields that a list lacks: layer info and global mask before a block, the mask after a list.
  const inBlock = layerBlockKey(header) !== null;
  const before = inBlock ? (large ? 8 : 4) + 4 : 0;
  const after = inBlock ? 0 : 4;
  head.size(before + list.byteLength + after, large).zeros(before);
  const byteLength = head.length + list.byteLength + after;
  requireFileSize(header, byteLength);
  await sink.write(head.bytes());
  await sink.write(list.head);
  for await (const chunk of list.channels) await sink.write(chunk);
  await sink.write(list.padding);
  await sink.write(new Uint8Array(after));
  return byteLength;
}

function requireSides(header: PsdHeader): void {
  const max = header.large ? MAX_SIDE.psb : MAX_SIDE.psd;
  for (const side of [header.width, header.height]) {
    if (Number.isInteger(side) && side >= 1 && side <= max) continue;
    throw new PsdError(
      'TOO_LARGE',
      `A ${header.large ? 'PSB' : 'PSD'} file's sides may have 1 to ${max} pixels, not ${side}.`,
    );
  }
}

function requireFileSize(header: PsdHeader, bytes: number): void {
  if (header.large || bytes <= MAX_PSD_BYTES) return;
  throw new PsdError(
    'TOO_LARGE',
    `The document would have ${bytes} bytes, a PSD file may have ${MAX_PSD_BYTES}. Write a PSB file.`,
  );
}

function encodeResources({ iccProfile, metadata = {} }: NewDocument): Uint8Array {
  const writer = new ByteWriter();
  const { pixelsPerInch, exif, iptc, xmp, copyrighted } = metadata;
  // Version 1, the preview is real, writer's and reader's names, file version 1.
  const version = new ByteWriter().uint32(1).uint8(1).uint32(0).uint32(0).uint32(1).bytes();
  const contents: readonly (readonly [number, Uint8Array | null | undefined])[] = [
    [resourceId.resolution, pixelsPerInch ? encodeResolution(pixelsPerInch) : null],
    [resourceId.iptc, iptc],
    [resourceId.copyrighted, copyrighted ? Uint8Array.of(1) : null],
    [resourceId.iccProfile, iccProfile],
    [resourceId.versionInfo, version],
    [resourceId.exif, exif],
    [resourceId.xmp, xmp],
  ];
  for (const [id, content] of contents) if (content) writeResource(writer, id, content);
  return writer.bytes();
}

/** Across and down, each with the unit of the resolution and that of lengths: inches. */
function encodeResolution(pixelsPerInch: number): Uint8Array {
  const fixed = Math.round(Math.min(pixelsPerInch, 65535) * 65536);
  const writer = new ByteWriter();
  for (let direction = 0; direction < 2; direction++) writer.uint32(fixed).uint16(1).uint16(1);
  return writer.bytes();
}

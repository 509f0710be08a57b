export { createDocument, type NewDocument, type NewMetadata } from './createDocument';
export type { ByteSink, ByteSource, Inflate } from './bytes';
export { memorySink, memorySource, readBytes } from './bytes';
export {
  decodeLayer,
  decodeMask,
  decodePreview,
  MAX_DECODED_BYTES,
  type DecodedLayer,
  type DecodedMask,
  type DecodeOptions,
} from './decodeLayer';
export { decodeShrunk, type ShrunkLayer } from './decodeShrunk';
export * from './document';
export { isPsdError, PsdError, type PsdErrorCode } from './errors';
export { requirePixels, type PixelHeader } from './header';
export { insertLayers, type Insertion, type InsertionReport } from './insertLayers';
export { noteMadeLayers, type MadeLayer } from './madeWith';
export type { NewGroup, NewLayer, NewMask, NewPixelLayer } from './newLayer';
export { readStructure } from './readStructure';
export type { Samples } from './samples';

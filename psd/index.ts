export { createDocument, type NewDocument, type NewMetadata } from './write/createDocument';
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
} from './read/decodeLayer';
export { decodeShrunk, type ShrunkLayer } from './read/decodeShrunk';
export * from './document';
export { isPsdError, PsdError, type PsdErrorCode } from './errors';
export { requirePixels, type PixelHeader } from './read/header';
export type { Insertion } from './write/insertion';
export { insertLayers, type InsertionReport } from './write/insertLayers';
export { noteMadeLayers, type MadeLayer } from './write/madeWith';
export type { NewBase } from './write/base';
export type { NewGroup, NewLayer, NewMask, NewPixelLayer } from './write/newLayer';
export { readStructure } from './read/readStructure';
export type { Samples } from './samples';

/** Official pSp checkpoint (`.pt`) → model package, in pure TypeScript: `convertCheckpoint`. */
export {
  convertCheckpoint,
  type ConvertContext,
  type ConvertOptions,
  type ConvertProgress,
} from './convertCheckpoint';
export { decodeDirections, type Direction } from './directions';
export { ConvertError, isConvertError, type ConvertErrorCode } from './errors';
export { decodeModelDescription } from './decodeModelDescription';
export {
  graphRoles,
  inputKinds,
  isModelOperation,
  isPackageName,
  MODEL_FORMAT_VERSION,
  modelOperations,
  type FileRole,
  type GraphRole,
  type InputKind,
  type ModelDescription,
  type ModelOperation,
} from './modelDescription';
export {
  float,
  GraphBuilder,
  type Attribute,
  type Dimension,
  type LoadWeights,
  type Precision,
  type Value,
} from './onnx/graphBuilder';
export { mobileStyleGan } from './families/mobile-stylegan';
export { groupStyles, type StyleGroups } from './styleGroups';
export { cutGraph } from './onnx/cutGraph';
export { writeGraph } from './onnx/writeGraph';
export type { FileSink, PackageStore } from './packageStore';
export type { ByteSource, CancelSignal, Checksums, Digest } from './runtime';

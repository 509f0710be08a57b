import { Writer } from 'protobufjs';
import { ConvertError } from '../errors';
import { encodeFloat16, encodeFloat32 } from '../torch/storageNumbers';
import type { GraphBuilder, Initializer } from './graphBuilder';
import { elementTypes, GraphProto, ModelProto, TensorProto } from './onnxSchema';

/** Opset 17 and IR 8 are read by every onnxruntime since 1.12. */
const OPSET = 17;
const IR_VERSION = 8;
/** protobuf messages are limited to 2 GiB, and onnxruntime refuses more. */
const MAX_MODEL_BYTES = 2 ** 31 - 1;

/**
 * Writes a graph as ONNX, one initializer in memory at a time. The library encodes everything but the
 * frames around what is too big for it: the graph in the model, the initializers in the graph, and
 * their bytes. Fields of a message may come in any order, so the big ones come last.
 * @param write receives the file's bytes in order
 * @throws ConvertError UNSUPPORTED when the graph is over 2 GiB or a weight does not fit its precision.
 */
export async function writeGraph(
  graph: GraphBuilder,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const { name, nodes: node, inputs: input, outputs: output } = graph;
  const body = GraphProto.encode({ name, node, input, output }).finish();
  const frames = graph.initializers.map(frameInitializer);
  const size = frames.reduce(
    (sum, frame, i) => sum + frame.length + graph.initializers[i]!.byteLength,
    body.length,
  );
  if (size > MAX_MODEL_BYTES - 2 ** 16) {
    throw new ConvertError(
      'UNSUPPORTED',
      `${name}.onnx would have ${size} bytes and the format ends at ${MAX_MODEL_BYTES}. ` +
        'Import the checkpoint with float16 precision.',
    );
  }
  const model = ModelProto.encode({
    irVersion: IR_VERSION,
    producerName: 'psp-layers',
    opsetImport: [{ domain: '', version: OPSET }],
  });
  await write(model.uint32(tag(ModelProto, 'graph')).uint32(size).finish());
  await write(body);
  for (const [i, initializer] of graph.initializers.entries()) {
    await write(frames[i]!);
    await write(encodeNumbers(initializer, await initializer.load()));
  }
}

/** Everything of an initializer but its bytes: its tag and length in the graph, its header, their tag. */
function frameInitializer({ name, dims, type, byteLength }: Initializer): Uint8Array {
  const header = TensorProto.encode({ name, dims, dataType: elementTypes[type] })
    .uint32(tag(TensorProto, 'rawData'))
    .uint32(byteLength)
    .finish();
  return Writer.create()
    .uint32(tag(GraphProto, 'initializer'))
    .uint32(header.length + byteLength)
    .raw(header)
    .finish();
}

/** The wire tag of a length-delimited field. */
const tag = (type: typeof GraphProto, field: string): number => (type.fields[field]!.id << 3) | 2;

function encodeNumbers(
  { name, type, byteLength }: Initializer,
  values: Float32Array | BigInt64Array | Uint8Array,
): Uint8Array {
  if (values instanceof Uint8Array) return values;
  if (values instanceof BigInt64Array) {
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
  const limit = type === 'float16' ? 65504 : 3.4028234663852886e38;
  for (let i = 0; i < values.length; i++) {
    // Written so that NaN fails it too.
    if (Math.abs(values[i]!) <= limit) continue;
    throw new ConvertError(
      Number.isFinite(values[i]) ? 'UNSUPPORTED' : 'CORRUPT',
      `"${name}" holds ${values[i]}, which ${type} cannot carry. ` +
        (Number.isFinite(values[i])
          ? 'Import the checkpoint with float32 precision.'
          : 'The checkpoint is damaged or its training diverged.'),
    );
  }
  const bytes = type === 'float16' ? encodeFloat16(values) : encodeFloat32(values);
  if (bytes.length !== byteLength) {
    throw new RangeError(`"${name}" has ${bytes.length} bytes instead of ${byteLength}`);
  }
  return bytes;
}

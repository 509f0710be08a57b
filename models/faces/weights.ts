import type { GraphBuilder, Value } from '../convert';
import { elementBytes, reshape, transpose } from './storedTensor';
import type { StoredTensor } from './storedTensor';
import type { Weight } from './tfjs';

/** TensorProto.DataType FLOAT, which Cast names by number. */
const float32 = 1;

/**
 * Weights stay as small as they are shipped: float16 and uint8 constants are widened by nodes that
 * ONNX Runtime folds away once when it loads the graph, with tfjs's own formula, so nothing is lost.
 */
function widened(
  graph: GraphBuilder,
  name: string,
  { affine }: Weight,
  { type, dims, bytes }: StoredTensor,
): Value {
  if (type === 'int32') throw new Error(`${name}: a weight of whole numbers`);
  const stored = graph.stored(name, type, dims, bytes);
  if (type === 'float32') return stored;
  const cast = graph.node('Cast', [stored], { to: float32 });
  if (affine === null) return cast;
  const scaled = graph.node('Mul', [cast, graph.constant(`${name}/scale`, [], [affine.scale])]);
  return graph.node('Add', [scaled, graph.constant(`${name}/min`, [], [affine.min])]);
}

/** Height, width, in, out → out, in, height, width. */
export const kernel = (graph: GraphBuilder, name: string, weight: Weight): Value =>
  widened(graph, name, weight, transpose(weight.stored, [3, 2, 0, 1]));

/** Height, width, channels, 1 → channels, 1, height, width, for a convolution in as many groups. */
export const depthwiseKernel = (graph: GraphBuilder, name: string, weight: Weight): Value =>
  widened(graph, name, weight, transpose(weight.stored, [2, 3, 0, 1]));

/** One number per channel: a convolution's bias. */
export const bias = (graph: GraphBuilder, name: string, weight: Weight): Value =>
  widened(graph, name, weight, reshape(weight.stored, [channels(weight)]));

/** One number per channel, to be spread over height and width. */
export const perChannel = (graph: GraphBuilder, name: string, weight: Weight): Value =>
  widened(graph, name, weight, reshape(weight.stored, [channels(weight), 1, 1]));

/** In, out: a matrix product's right side. */
export const matrix = (graph: GraphBuilder, name: string, weight: Weight): Value =>
  widened(graph, name, weight, weight.stored);

const channels = ({ stored }: Weight): number => stored.bytes.length / elementBytes[stored.type];

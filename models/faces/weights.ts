import type { GraphBuilder, Value } from '../convert';
import { elementBytes, enlarge, reshape, transpose } from './storedTensor';
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

/**
 * How many channels a layer of so many is given. ONNX Runtime stays in its blocked layout through a
 * MaxPool only where the channels fill its blocks of 16: BlazeFace's 24 are carried as 32, the last 8 zero.
 */
export const carriedChannels = (channels: number): number => (channels === 24 ? 32 : channels);

/** Height, width, in, out → out, in, height, width. */
export function kernel(graph: GraphBuilder, name: string, weight: Weight): Value {
  const turned = transpose(weight.stored, [3, 2, 0, 1]);
  const [out, into, ...sides] = turned.dims;
  const dims = [carriedChannels(out!), carriedChannels(into!), ...sides];
  return widened(graph, name, weight, enlarge(turned, dims));
}

/** Height, width, channels, 1 → channels, 1, height, width, for a convolution in as many groups. */
export function depthwiseKernel(graph: GraphBuilder, name: string, weight: Weight): Value {
  const turned = transpose(weight.stored, [2, 3, 0, 1]);
  const [channels, ...rest] = turned.dims;
  return widened(graph, name, weight, enlarge(turned, [carriedChannels(channels!), ...rest]));
}

/** One number per channel: a convolution's bias. */
export function bias(graph: GraphBuilder, name: string, weight: Weight): Value {
  const flat = reshape(weight.stored, [channelsOf(weight)]);
  return widened(graph, name, weight, enlarge(flat, [carriedChannels(channelsOf(weight))]));
}

/** A 1×1 kernel that hands on so many channels and adds as many of zeros. */
export function widening(graph: GraphBuilder, name: string, channels: number): Value {
  const [out, into] = [carriedChannels(2 * channels), carriedChannels(channels)];
  const values = new Float32Array(out * into);
  for (let i = 0; i < channels; i++) values[i * into + i] = 1;
  return graph.constant(name, [out, into, 1, 1], [...values]);
}

/** Per channel, a PReLU's slope below zero and what is missing of it to 1, as depthwise 1×1 kernels. */
export function slopes(graph: GraphBuilder, name: string, weight: Weight) {
  const channels = channelsOf(weight);
  const slope = widened(graph, name, weight, reshape(weight.stored, [channels, 1, 1, 1]));
  const rest = graph.node('Sub', [graph.constant(`${name}/one`, [], [1]), slope]);
  return { slope, rest, channels };
}

/** One number per channel, to be spread over height and width. */
export const perChannel = (graph: GraphBuilder, name: string, weight: Weight): Value =>
  widened(graph, name, weight, reshape(weight.stored, [channelsOf(weight), 1, 1]));

/** In, out: a matrix product's right side. */
export const matrix = (graph: GraphBuilder, name: string, weight: Weight): Value =>
  widened(graph, name, weight, weight.stored);

const channelsOf = ({ stored }: Weight): number => stored.bytes.length / elementBytes[stored.type];

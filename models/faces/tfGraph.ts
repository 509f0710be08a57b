import type { Attribute, GraphBuilder, Value } from '../convert';
import { wholes } from './storedTensor';
import type { TfNode, Weight, Weights } from './tfjs';
import { textAttribute, textListAttribute, wholesAttribute } from './tfjs';
import {
  bias,
  carriedChannels,
  depthwiseKernel,
  kernel,
  matrix,
  perChannel,
  slopes,
  widening,
} from './weights';

/**
 * Adds the nodes of a tfjs graph model to `graph`, node for node, with the layout turned from
 * NHWC to NCHW. Returns what each tfjs node's name is called in the result.
 */
export function addTfGraph(
  graph: GraphBuilder,
  nodes: readonly TfNode[],
  weights: Weights,
  input: Value,
): ReadonlyMap<string, Value> {
  const names = new Map<string, Value>();
  const inputOf = (node: TfNode, index: number): Value => {
    const name = names.get(node.input[index] ?? '');
    if (name === undefined) throw new Error(`${node.name}: input ${index} is not a tensor`);
    return name;
  };
  const weightOf = (node: TfNode, index: number): Weight => {
    const weight = weights.get(node.input[index] ?? '');
    if (weight === undefined) throw new Error(`${node.name}: input ${index} is not a weight`);
    return weight;
  };
  /**
   * PReLU as (1 − a) · ReLU(x) + a · x, the factors as depthwise convolutions: ONNX Runtime runs them in
   * the blocked layout of the convolutions around, and PRelu's own kernel six times as slowly.
   */
  const prelu = (node: TfNode, x: Value, index: number): Value => {
    const { slope, rest, channels } = slopes(graph, node.input[index]!, weightOf(node, index));
    const scaled = (y: Value, factors: Value) =>
      graph.node('Conv', [y, factors], { group: channels });
    return graph.node('Add', [scaled(graph.node('Relu', [x]), rest), scaled(x, slope)]);
  };

  /** What a product with a bias is followed by. */
  const activated = (node: TfNode, product: Value): Value => {
    const [first, activation] = textListAttribute(node, 'fused_ops');
    if (first !== 'BiasAdd') throw new Error(`${node.name}: a product without bias`);
    if (activation === undefined) return product;
    if (activation === 'Relu') return graph.node('Relu', [product]);
    if (activation === 'Prelu') return prelu(node, product, 3);
    throw new Error(`${node.name}: the activation ${activation} is not known here`);
  };

  const convert = (node: TfNode): Value => {
    switch (node.op) {
      case 'Placeholder':
        return input;
      case 'Identity':
        return inputOf(node, 0);
      case 'Relu':
      case 'Sigmoid':
        return graph.node(node.op, [inputOf(node, 0)]);
      case 'AddV2':
        return graph.node('Add', [inputOf(node, 0), inputOf(node, 1)]);
      case 'Add':
      case 'Mul':
      case 'Minimum':
      case 'Maximum': {
        const constant = perChannel(graph, node.input[1]!, weightOf(node, 1));
        return graph.node(arithmetic[node.op], [inputOf(node, 0), constant]);
      }
      case 'Mean':
        return graph.node('Flatten', [graph.node('GlobalAveragePool', [inputOf(node, 0)])]);
      case 'Conv2D':
        return graph.node(
          'Conv',
          [inputOf(node, 0), kernel(graph, node.input[1]!, weightOf(node, 1))],
          convolution(node),
        );
      case 'Prelu':
        return prelu(node, inputOf(node, 0), 1);
      case 'MaxPool':
        return graph.node('MaxPool', [inputOf(node, 0)], {
          kernel_shape: spatial(wholesAttribute(node, 'ksize')),
          ...convolution(node),
        });
      case 'Pad':
        return graph.node('Conv', [
          inputOf(node, 0),
          widening(graph, node.input[1]!, addedChannels(node, wholes(weightOf(node, 1).stored))),
        ]);
      case 'Reshape': {
        const nhwc = graph.node('Transpose', [inputOf(node, 0)], { perm: [0, 2, 3, 1] });
        // Only the batch, the first of the target's dimensions, is free; 0 keeps it as it is.
        const target = [0, -1, wholes(weightOf(node, 1).stored).at(-1)!];
        return graph.node('Reshape', [nhwc, graph.integers(target)]);
      }
      case 'DepthwiseConv2dNative': {
        const weight = weightOf(node, 1);
        return graph.node(
          'Conv',
          [inputOf(node, 0), depthwiseKernel(graph, node.input[1]!, weight)],
          { group: carriedChannels(weight.stored.dims[2]!), ...convolution(node) },
        );
      }
      case '_FusedConv2D': {
        const weight = kernel(graph, node.input[1]!, weightOf(node, 1));
        const offset = bias(graph, node.input[2]!, weightOf(node, 2));
        const inputs = [inputOf(node, 0), weight, offset];
        return activated(node, graph.node('Conv', inputs, convolution(node)));
      }
      case '_FusedMatMul': {
        const weight = matrix(graph, node.input[1]!, weightOf(node, 1));
        const offset = bias(graph, node.input[2]!, weightOf(node, 2));
        return activated(node, graph.node('Gemm', [inputOf(node, 0), weight, offset]));
      }
      case 'Softmax':
        return graph.node('Softmax', [inputOf(node, 0)]);
      default:
        throw new Error(`${node.name}: the operation ${node.op} is not known here`);
    }
  };
  for (const node of nodes) names.set(node.name, convert(node));
  return names;
}

/** TensorFlow pads SAME at the end first, which is ONNX's SAME_UPPER. */
function convolution(node: TfNode): Record<string, Attribute> {
  return {
    strides: spatial(wholesAttribute(node, 'strides')),
    auto_pad: textAttribute(node, 'padding') === 'SAME' ? 'SAME_UPPER' : 'VALID',
  };
}

/** With a constant per channel; what they are called in ONNX. */
const arithmetic = { Add: 'Add', Mul: 'Mul', Minimum: 'Min', Maximum: 'Max' } as const;

/** Height and width of an NHWC quadruple. */
const spatial = (nhwc: readonly number[]): readonly number[] => nhwc.slice(1, 3);

/** Paddings in pairs per NHWC axis → channels added at the end; no other axis is ever padded. */
function addedChannels(node: TfNode, pairs: readonly number[]): number {
  if (pairs.some((count, i) => i !== 7 && count !== 0)) {
    throw new Error(`${node.name}: padded elsewhere than behind the channels`);
  }
  return pairs[7]!;
}

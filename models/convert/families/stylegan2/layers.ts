import type { GraphBuilder, LoadWeights, Value } from '../../onnx/graphBuilder';
import type { WeightTable } from '../../weightTable';

/** torch.nn.BatchNorm2d's default, which pSp keeps. */
const BATCH_NORM_EPSILON = 1e-5;

interface Convolution {
  readonly name: string;
  /** [output channels, input channels / groups, height, width] */
  readonly dims: readonly [number, number, number, number];
  readonly weight: LoadWeights;
  readonly bias?: LoadWeights;
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
}

/** [N, C, H, W] → [N, C', H', W'] */
export function convolve(g: GraphBuilder, x: Value, convolution: Convolution): Value {
  const { name, dims, weight, bias, stride = 1, padding = 0, groups = 1 } = convolution;
  const inputs = [x, g.weight(`${name}.weight`, dims, weight)];
  if (bias) inputs.push(g.weight(`${name}.bias`, [dims[0]], bias));
  return g.node('Conv', inputs, {
    kernel_shape: [dims[2], dims[3]],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    group: groups,
  });
}

/**
 * StyleGAN2's equalised linear layer: y = x·(W·lr/√in)ᵀ + b·lr, [N, in] → [N, out].
 * @param gain multiplies the result, exactly: it goes into weight and bias
 */
export function equalLinear(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  name: string,
  { learningRate = 1, gain = 1 } = {},
): Value {
  const [outputs, inputs] = [weights.size(`${name}.weight`, 0), weights.size(`${name}.weight`, 1)];
  weights.expect(`${name}.weight`, [outputs, inputs]);
  weights.expect(`${name}.bias`, [outputs]);
  const scale = (gain * learningRate) / Math.sqrt(inputs);
  const weight = g.weight(`${name}.weight`, [outputs, inputs], async () =>
    scaled(await weights.load(`${name}.weight`), scale),
  );
  const bias = g.weight(`${name}.bias`, [outputs], async () =>
    scaled(await weights.load(`${name}.bias`), gain * learningRate),
  );
  return g.node('Gemm', [x, weight, bias], { transB: 1 });
}

export const scaled = (values: Float32Array, factor: number): Float32Array =>
  values.map((value) => value * factor);

/** A batch norm in inference is y = scale·x + shift for each channel. */
export interface ChannelAffine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

export function expectBatchNorm(weights: WeightTable, name: string, width: number): void {
  for (const part of ['weight', 'bias', 'running_mean', 'running_var']) {
    weights.expect(`${name}.${part}`, [width]);
  }
}

export async function loadBatchNorm(weights: WeightTable, name: string): Promise<ChannelAffine> {
  const [weight, bias, mean, variance] = await Promise.all(
    ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      weights.load(`${name}.${part}`),
    ),
  );
  const scale = Float64Array.from(
    weight!,
    (value, i) => value / Math.sqrt(variance![i]! + BATCH_NORM_EPSILON),
  );
  return { scale, shift: scale.map((value, i) => bias![i]! - mean![i]! * value) };
}

/** The weight of "convolve, then normalise" as one convolution; the shift becomes its bias. */
export async function foldBatchNorm(
  weights: WeightTable,
  convolution: string,
  batchNorm: string,
): Promise<Float32Array> {
  const weight = await weights.load(`${convolution}.weight`);
  const { scale } = await loadBatchNorm(weights, batchNorm);
  const stride = weight.length / scale.length;
  return weight.map((value, i) => value * scale[Math.floor(i / stride)]!);
}

import { float, type GraphBuilder, type LoadWeights, type Value } from '../../onnx/graphBuilder';
import type { WeightTable } from '../../weightTable';
import { smooth } from './fir';
import { equalLinear, scaled } from './layers';

const SLOPE = 0.2;

/** A feature map of the decoder: [N, width, size, size]. */
export interface Activations {
  readonly value: Value;
  readonly width: number;
  readonly size: number;
}

export interface StyledLayer {
  readonly name: string;
  /** Index of the stored noise buffer. */
  readonly noise: number;
  /** Whether the map is doubled: a transposed convolution of stride 2 and a FIR. */
  readonly double: boolean;
}

/**
 * StyleGAN2's styled convolution with a constant weight W. With style s and demodulation
 * d_o = 1/√(Σ_ik (W_oik·s_i)² + 1e-8), section 2.2's conv(W·s·d, x) is d·conv(W, s·x), so that the
 * weight is the same for every sample of a batch. Then noise, bias, LeakyReLU 0.2 and √2; the √2 goes
 * through the LeakyReLU into W, noise and bias.
 */
export function convolveStyled(
  g: GraphBuilder,
  weights: WeightTable,
  x: Activations,
  code: Value,
  { name, noise, double }: StyledLayer,
): Activations {
  const width = weights.size(`${name}.conv.weight`, 1);
  weights.expect(`${name}.conv.weight`, [1, width, x.width, 3, 3]);
  const style = modulate(g, weights, code, name, x.width);
  const demodulation = demodulate(g, weights, style, name, x.width, width);
  weights.expect(`${name}.activate.bias`, [width]);
  const loadBias: LoadWeights = async () =>
    scaled(await weights.load(`${name}.activate.bias`), Math.SQRT2);
  const size = double ? x.size * 2 : x.size;

  let value = g.node('Mul', [x.value, overPixels(g, style)]);
  value = double
    ? doubleMap(g, weights, value, name, x.width, width)
    : sameMap(g, weights, value, name, x.width, width);
  value = g.node('Mul', [value, overPixels(g, demodulation)]);
  value = double
    ? smooth(g, weights, value, name, width, loadBias)
    : g.node('Add', [value, g.weight(`${name}.activate.bias`, [1, width, 1, 1], loadBias)]);
  value = g.node('Add', [value, scaledNoise(g, weights, name, noise, size)]);
  return { value: g.node('LeakyRelu', [value], { alpha: float(SLOPE) }), width, size };
}

/** The style of a layer: [N, D] → [N, channels of its input]. */
export function modulate(
  g: GraphBuilder,
  weights: WeightTable,
  code: Value,
  name: string,
  width: number,
): Value {
  const layer = `${name}.conv.modulation`;
  weights.expect(`${layer}.weight`, [width, weights.size(`${layer}.weight`, 1)]);
  return equalLinear(g, weights, code, layer);
}

/** [N, C] → [N, C, 1, 1] */
export const overPixels = (g: GraphBuilder, value: Value): Value =>
  g.node('Unsqueeze', [value, g.integers([2, 3])]);

/** StyleGAN2's equalised learning rate: weights are stored at unit variance. */
const weightScale = (inputs: number, kernel: number): number => 1 / Math.sqrt(inputs * kernel ** 2);

function demodulate(
  g: GraphBuilder,
  weights: WeightTable,
  style: Value,
  name: string,
  inputs: number,
  outputs: number,
): Value {
  const squares = g.weight(`${name}.conv.squares`, [outputs, inputs], async () =>
    sumSquares(await weights.load(`${name}.conv.weight`), weightScale(inputs, 3)),
  );
  const epsilon = g.constant('demodulation_epsilon', [1], [1e-8]);
  const energy = g.node('Gemm', [g.node('Mul', [style, style]), squares, epsilon], { transB: 1 });
  return g.node('Reciprocal', [g.node('Sqrt', [energy])]);
}

/** Σ over the 3×3 kernel of (W·scale)² for each pair of channels. */
function sumSquares(weight: Float32Array, scale: number): Float32Array {
  const sums = new Float32Array(weight.length / 9);
  for (let i = 0; i < sums.length; i++) {
    let sum = 0;
    for (let k = 0; k < 9; k++) sum += (weight[i * 9 + k]! * scale) ** 2;
    sums[i] = sum;
  }
  return sums;
}

function sameMap(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  name: string,
  inputs: number,
  outputs: number,
): Value {
  const dims = [outputs, inputs, 3, 3];
  const weight = g.weight(`${name}.conv.weight`, dims, async () =>
    scaled(await weights.load(`${name}.conv.weight`), Math.SQRT2 * weightScale(inputs, 3)),
  );
  return g.node('Conv', [x, weight], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
}

/** [N, in, S, S] → [N, out, 2·S + 1, 2·S + 1] */
function doubleMap(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  name: string,
  inputs: number,
  outputs: number,
): Value {
  const dims = [inputs, outputs, 3, 3];
  const scale = Math.SQRT2 * weightScale(inputs, 3);
  const weight = g.weight(`${name}.conv.weight`, dims, async () =>
    swapChannels(await weights.load(`${name}.conv.weight`), outputs, inputs, scale),
  );
  return g.node('ConvTranspose', [x, weight], { kernel_shape: [3, 3], strides: [2, 2] });
}

/** [out, in, 3, 3] → [in, out, 3, 3], scaled */
function swapChannels(
  weight: Float32Array,
  outputs: number,
  inputs: number,
  scale: number,
): Float32Array {
  const swapped = new Float32Array(weight.length);
  for (let o = 0, from = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const to = (i * outputs + o) * 9;
      for (let k = 0; k < 9; k++) swapped[to + k] = weight[from++]! * scale;
    }
  }
  return swapped;
}

function scaledNoise(
  g: GraphBuilder,
  weights: WeightTable,
  name: string,
  index: number,
  size: number,
): Value {
  const buffer = `decoder.noises.noise_${index}`;
  weights.expect(buffer, [1, 1, size, size]);
  weights.expect(`${name}.noise.weight`, [1]);
  return g.weight(buffer, [1, 1, size, size], async () => {
    const [strength] = await weights.load(`${name}.noise.weight`);
    return scaled(await weights.load(buffer), strength! * Math.SQRT2);
  });
}

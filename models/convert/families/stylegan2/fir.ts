import type { GraphBuilder, LoadWeights, Value } from '../../onnx/graphBuilder';
import type { WeightTable } from '../../weightTable';
import { convolve } from './layers';

/** StyleGAN2's resampling filter is 4×4: [1, 3, 3, 1]² / 64, times 4 where the map was doubled. */
const TAPS = 4;

/**
 * The FIR behind a doubling transposed convolution, and the layer's bias, which costs nothing here:
 * [N, C, 2·S + 1, …] → [N, C, 2·S, …]. upfirdn2d(pad = (1, 1)) convolves, so the kernel is flipped for
 * ONNX, which correlates.
 */
export function smooth(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  name: string,
  width: number,
  bias: LoadWeights,
): Value {
  const kernel = `${name}.conv.blur.kernel`;
  weights.expect(kernel, [TAPS, TAPS]);
  return convolve(g, x, {
    name: kernel,
    dims: [width, 1, TAPS, TAPS],
    weight: async () => repeat((await weights.load(kernel)).reverse(), width),
    bias,
    padding: 1,
    groups: width,
  });
}

/**
 * Doubles a picture by the FIR: [N, 3, S, S] → [N, 3, 2·S, 2·S]. upfirdn2d(up = 2, pad = (2, 1)) is
 * a transposed convolution whose full result loses one pixel on every side.
 */
export function upsample(g: GraphBuilder, weights: WeightTable, x: Value, name: string): Value {
  const kernel = `${name}.upsample.kernel`;
  weights.expect(kernel, [TAPS, TAPS]);
  const weight = g.weight(kernel, [3, 1, TAPS, TAPS], async () =>
    repeat(await weights.load(kernel), 3),
  );
  return g.node('ConvTranspose', [x, weight], {
    kernel_shape: [TAPS, TAPS],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    group: 3,
  });
}

function repeat(values: Float32Array, times: number): Float32Array {
  const repeated = new Float32Array(values.length * times);
  for (let i = 0; i < times; i++) repeated.set(values, i * values.length);
  return repeated;
}

import type { GraphBuilder, Value } from '../../onnx/graphBuilder';
import type { WeightTable } from '../../weightTable';
import { upsample } from './fir';
import { scaled } from './layers';
import { modulate, type Activations } from './styledConvolution';

/**
 * A 1×1 modulated convolution to three channels, without demodulation. Three rows of weights are
 * cheaper to scale by the style than the map is, so here the weight is modulated:
 * [N, 3, C] · [N, C, S²] → [N, 3, S, S].
 */
export function convolveToRgb(
  g: GraphBuilder,
  weights: WeightTable,
  { value, width, size }: Activations,
  code: Value,
  name: string,
): Value {
  weights.expect(`${name}.conv.weight`, [1, 3, width, 1, 1]);
  weights.expect(`${name}.bias`, [1, 3, 1, 1]);
  const style = modulate(g, weights, code, name, width);
  const weight = g.weight(`${name}.conv.weight`, [1, 3, width], async () =>
    scaled(await weights.load(`${name}.conv.weight`), 1 / Math.sqrt(width)),
  );
  const modulated = g.node('Mul', [weight, g.node('Unsqueeze', [style, g.integers([1])])]);
  const pixels = g.node('Reshape', [value, g.integers([0, width, size * size])]);
  const rgb = g.node('MatMul', [modulated, pixels]);
  const bias = g.weight(`${name}.bias`, [1, 3, 1], () => weights.load(`${name}.bias`));
  const biased = g.node('Add', [rgb, bias]);
  return g.node('Reshape', [biased, g.integers([0, 3, size, size])]);
}

/** The sum of this size's picture and the smaller one's, doubled by the FIR. */
export const addSkip = (
  g: GraphBuilder,
  weights: WeightTable,
  smaller: Value,
  image: Value,
  name: string,
): Value => g.node('Add', [image, upsample(g, weights, smaller, name)]);

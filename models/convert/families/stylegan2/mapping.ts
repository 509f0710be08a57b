import { ConvertError } from '../../errors';
import { float, GraphBuilder, type Precision } from '../../onnx/graphBuilder';
import type { WeightTable } from '../../weightTable';
import { equalLinear } from './layers';

/** StyleGAN2's `lr_mlp`: the layers learn a hundred times slower than their stored weights say. */
const LEARNING_RATE = 0.01;
const SLOPE = 0.2;

/**
 * mapping.onnx: z [N, D] → w [N, D]. PixelNorm (z / √(mean z² + 1e-8)), then equalised linear layers,
 * each with LeakyReLU 0.2 · √2. The √2 goes through the LeakyReLU into weight and bias.
 * @throws ConvertError FOREIGN
 */
export function buildMapping(
  weights: WeightTable,
  styleWidth: number,
  precision: Precision,
): GraphBuilder {
  const g = new GraphBuilder('mapping', precision);
  const layers = weights.count('decoder.style.', '.weight', 1);
  if (layers === 0) throw new ConvertError('FOREIGN', 'The checkpoint has no mapping network.');
  const z = g.input('z', ['N', styleWidth]);
  const mean = g.node('ReduceMean', [g.node('Mul', [z, z])], { axes: [1] });
  const epsilon = g.constant('epsilon', [1], [1e-8]);
  let value = g.node('Div', [z, g.node('Sqrt', [g.node('Add', [mean, epsilon])])]);
  for (let i = 1; i <= layers; i++) {
    weights.expect(`decoder.style.${i}.weight`, [styleWidth, styleWidth]);
    value = equalLinear(g, weights, value, `decoder.style.${i}`, {
      learningRate: LEARNING_RATE,
      gain: Math.SQRT2,
    });
    value = g.node('LeakyRelu', [value], { alpha: float(SLOPE) });
  }
  g.output('w', ['N', styleWidth], value);
  return g;
}

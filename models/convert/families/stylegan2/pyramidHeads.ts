import { ConvertError } from '../../errors';
import { float, type GraphBuilder, type Value } from '../../onnx/graphBuilder';
import type { WeightTable } from '../../weightTable';
import type { Features } from './backbone';
import { convolve, equalLinear } from './layers';

/** torch.nn.LeakyReLU's default. */
const SLOPE = 0.01;

/** How many map2style heads the checkpoint has; only GradualStyleEncoder has any. */
export const readHeadCount = (weights: WeightTable): number =>
  weights.count('encoder.styles.', '.linear.weight');

/**
 * GradualStyleEncoder's output side: a feature pyramid and one map2style head per style. A head halves
 * its map down to one pixel, so its number of convolutions tells which map it reads: 4 for 16², 5 for
 * 32², 6 for 64².
 * @param stages the backbone's 128², 64², 32², 16²
 * @returns latents [N, n_styles, D] without the average
 * @throws ConvertError FOREIGN
 */
export function buildPyramidHeads(
  g: GraphBuilder,
  weights: WeightTable,
  stages: readonly Features[],
  styleWidth: number,
): Value {
  const [, c1, c2, c3] = stages as readonly [Features, Features, Features, Features];
  const p2 = addUpsampled(g, weights, c3, c2, 'encoder.latlayer1');
  const p1 = addUpsampled(g, weights, p2, c1, 'encoder.latlayer2');
  const codes = Array.from({ length: readHeadCount(weights) }, (_, style) => {
    const name = `encoder.styles.${style}`;
    const convolutions = weights.count(`${name}.convs.`, '.weight', 0, 2);
    const features = [c3, p2, p1].find(({ size }) => size === 2 ** convolutions);
    if (!features) {
      throw new ConvertError(
        'FOREIGN',
        `${name} has ${convolutions} convolutions; a head on 16², 32² or 64² has 4, 5 or 6.`,
      );
    }
    const code = buildHead(g, weights, name, features, convolutions, styleWidth);
    return g.node('Unsqueeze', [code, g.integers([1])]);
  });
  return g.node('Concat', codes, { axis: 1 });
}

/** top, doubled bilinearly with aligned corners, plus a 1×1 convolution of lateral. */
function addUpsampled(
  g: GraphBuilder,
  weights: WeightTable,
  top: Features,
  lateral: Features,
  name: string,
): Features {
  weights.expect(`${name}.weight`, [top.width, lateral.width, 1, 1]);
  weights.expect(`${name}.bias`, [top.width]);
  const factor = lateral.size / top.size;
  const scales = g.constant('upsample', [4], [1, 1, factor, factor]);
  const upsampled = g.node('Resize', [top.value, '', scales], {
    mode: 'linear',
    coordinate_transformation_mode: 'align_corners',
  });
  const mapped = convolve(g, lateral.value, {
    name,
    dims: [top.width, lateral.width, 1, 1],
    weight: () => weights.load(`${name}.weight`),
    bias: () => weights.load(`${name}.bias`),
  });
  return { value: g.node('Add', [mapped, upsampled]), width: top.width, size: lateral.size };
}

function buildHead(
  g: GraphBuilder,
  weights: WeightTable,
  name: string,
  features: Features,
  convolutions: number,
  styleWidth: number,
): Value {
  let { value, width } = features;
  for (let i = 0; i < convolutions; i++) {
    const layer = `${name}.convs.${2 * i}`;
    const outputs = weights.size(`${layer}.weight`, 0);
    weights.expect(`${layer}.weight`, [outputs, width, 3, 3]);
    weights.expect(`${layer}.bias`, [outputs]);
    const convolved = convolve(g, value, {
      name: layer,
      dims: [outputs, width, 3, 3],
      weight: () => weights.load(`${layer}.weight`),
      bias: () => weights.load(`${layer}.bias`),
      stride: 2,
      padding: 1,
    });
    value = g.node('LeakyRelu', [convolved], { alpha: float(SLOPE) });
    width = outputs;
  }
  weights.expect(`${name}.linear.weight`, [styleWidth, width]);
  return equalLinear(g, weights, g.node('Flatten', [value]), `${name}.linear`);
}

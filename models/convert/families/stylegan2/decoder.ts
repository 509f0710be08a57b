import { ConvertError } from '../../errors';
import { GraphBuilder, type Precision, type Value } from '../../onnx/graphBuilder';
import type { WeightTable } from '../../weightTable';
import { addSkip, convolveToRgb } from './toRgb';
import { convolveStyled, type Activations } from './styledConvolution';

/** StyleGAN2 begins at 4×4. */
const START_SIZE = 4;
/** 1024 is the largest that was ever trained; twice that is 1.3 GB of activations. */
const MAX_SIZE = 2048;

export interface DecoderShape {
  /** Side of the picture in pixels. */
  readonly size: number;
  /** n_styles = 2·log2(size) − 2 */
  readonly styles: number;
  /** D */
  readonly styleWidth: number;
}

/**
 * Reads the decoder's size off its tensors: two convolutions and one toRGB per doubling.
 * @throws ConvertError FOREIGN
 */
export function readDecoderShape(weights: WeightTable): DecoderShape {
  const styleWidth = weights.size('decoder.conv1.conv.modulation.weight', 1);
  const doublings = weights.count('decoder.to_rgbs.', '.conv.weight');
  const convolutions = weights.count('decoder.convs.', '.conv.weight');
  const size = START_SIZE * 2 ** doublings;
  if (doublings === 0 || convolutions !== 2 * doublings || size > MAX_SIZE) {
    throw new ConvertError(
      'FOREIGN',
      `The decoder has ${convolutions} convolutions and ${doublings} toRGB layers behind 4²; ` +
        `StyleGAN2 has two to one, up to ${MAX_SIZE}².`,
    );
  }
  return { size, styles: 2 * doublings + 2, styleWidth };
}

/**
 * decoder.onnx: latents [N, n_styles, D] → image [N, 3, S, S] in about [−1, 1], with stored noise.
 * StyleGAN2 (Karras et al. 2020, arXiv 1912.04958) in rosinality's layout: a constant 4×4 input, two
 * styled convolutions per size, and the sum of all sizes' toRGB.
 * @throws ConvertError FOREIGN
 */
export function buildDecoder(
  weights: WeightTable,
  { size, styles, styleWidth }: DecoderShape,
  precision: Precision,
): GraphBuilder {
  const g = new GraphBuilder('decoder', precision);
  const latents = g.input('latents', ['N', styles, styleWidth]);
  const codes = g
    .split(latents, 1, styles)
    .map((code) => g.node('Squeeze', [code, g.integers([1])])) as [Value, Value, ...Value[]];

  let x = startingInput(g, weights);
  x = convolveStyled(g, weights, x, codes[0], { name: 'decoder.conv1', noise: 0, double: false });
  let image = convolveToRgb(g, weights, x, codes[1], 'decoder.to_rgb1');
  for (let level = 0; x.size < size; level++) {
    const [first, second, rgb] = codes.slice(2 * level + 1) as [Value, Value, Value];
    for (const [i, code] of [first, second].entries()) {
      const index = 2 * level + i;
      const layer = { name: `decoder.convs.${index}`, noise: index + 1, double: i === 0 };
      x = convolveStyled(g, weights, x, code, layer);
    }
    const name = `decoder.to_rgbs.${level}`;
    image = addSkip(g, weights, image, convolveToRgb(g, weights, x, rgb, name), name);
  }
  g.output('image', ['N', 3, size, size], image);
  return g;
}

function startingInput(g: GraphBuilder, weights: WeightTable): Activations {
  const name = 'decoder.input.input';
  const width = weights.size(name, 1);
  const dims = [1, width, START_SIZE, START_SIZE];
  weights.expect(name, dims);
  return { value: g.weight(name, dims, () => weights.load(name)), width, size: START_SIZE };
}

import { ConvertError } from '../../errors';
import { GraphBuilder, type Precision, type Value } from '../../onnx/graphBuilder';
import type { WeightTable } from '../../weightTable';
import type { LatentAverage } from '../family';
import { buildBackbone, findSilentUnits, INPUT_SIZE, readInputChannels } from './backbone';
import type { Features } from './backbone';
import { buildPyramidHeads, readHeadCount } from './pyramidHeads';
import { equalLinear, expectBatchNorm, loadBatchNorm } from './layers';

export interface EncoderOptions {
  /** n_styles of the decoder. */
  readonly styles: number;
  /** D */
  readonly styleWidth: number;
  readonly latentAverage: LatentAverage | null;
  readonly precision: Precision;
}

/**
 * encoder.onnx: image [N, C, 256, 256] → latents [N, n_styles, D], the average latent included.
 * Which of pSp's encoders it is follows from the tensors' names.
 * @throws ConvertError FOREIGN when the tensors make none of them.
 */
export async function buildEncoder(
  weights: WeightTable,
  options: EncoderOptions,
): Promise<GraphBuilder> {
  const { styles, styleWidth, latentAverage, precision } = options;
  const g = new GraphBuilder('encoder', precision);
  const image = g.input('image', ['N', readInputChannels(weights), INPUT_SIZE, INPUT_SIZE]);
  const stages = buildBackbone(g, weights, image, await findSilentUnits(weights));
  let latents = buildHead(g, weights, stages, options);
  if (latentAverage) {
    const dims = [1, latentAverage.rows, styleWidth];
    latents = g.node('Add', [latents, g.weight('latent_avg', dims, latentAverage.load)]);
  }
  g.output('latents', ['N', styles, styleWidth], latents);
  g.prune();
  return g;
}

function buildHead(
  g: GraphBuilder,
  weights: WeightTable,
  stages: readonly Features[],
  { styles, styleWidth }: EncoderOptions,
): Value {
  const last = stages.at(-1)!;
  const heads = readHeadCount(weights);
  if (heads > 0) {
    if (heads !== styles) throw mismatch(`${heads} styles`, `${styles} styles`);
    return buildPyramidHeads(g, weights, stages, styleWidth);
  }
  const wPlus = weights.has('encoder.output_layer_2.0.weight');
  const outputs = weights.size('encoder.linear.weight', 0);
  const expected = wPlus ? styles * styleWidth : styleWidth;
  if (outputs !== expected) throw mismatch(`${outputs} numbers`, `${expected}`);
  return wPlus
    ? buildWPlusHead(g, weights, last, styles, styleWidth)
    : buildWHead(g, weights, last, styles);
}

/** BackboneEncoderUsingLastLayerIntoW: one w for every style. */
function buildWHead(
  g: GraphBuilder,
  weights: WeightTable,
  features: Features,
  styles: number,
): Value {
  const pooled = g.node('GlobalAveragePool', [features.value]);
  const w = equalLinear(g, weights, g.node('Flatten', [pooled]), 'encoder.linear');
  const row = g.node('Unsqueeze', [w, g.integers([1])]);
  return g.node('Concat', Array<Value>(styles).fill(row), { axis: 1 });
}

/**
 * BackboneEncoderUsingLastLayerIntoWPlus: normalise, pool adaptively, linear, equalised linear.
 * The normalisation is the same for every pixel of a channel, so it commutes with the mean and goes
 * into the linear layer.
 */
function buildWPlusHead(
  g: GraphBuilder,
  weights: WeightTable,
  { value, width, size }: Features,
  styles: number,
  styleWidth: number,
): Value {
  const [norm, linear] = ['encoder.output_layer_2.0', 'encoder.output_layer_2.3'];
  const [outputs, inputs] = [
    weights.size(`${linear}.weight`, 0),
    weights.size(`${linear}.weight`, 1),
  ];
  const cells = inputs / width;
  const side = Math.sqrt(cells);
  if (!Number.isInteger(side))
    throw mismatch(`${inputs} inputs of ${linear}`, `a square × ${width}`);
  expectBatchNorm(weights, norm, width);
  weights.expect(`${linear}.bias`, [outputs]);
  // [N, C, 16, 16] · [16, 7] and [7, 16] · [N, C, 16, 7]
  const pool = adaptivePooling(size, side);
  const columns = g.constant('pool_columns', [size, side], transpose(pool, side, size));
  const rows = g.constant('pool_rows', [side, size], pool);
  const pooled = g.node('MatMul', [rows, g.node('MatMul', [value, columns])]);
  const weight = g.weight(`${linear}.weight`, [outputs, inputs], async () => {
    const { scale } = await loadBatchNorm(weights, norm);
    const values = await weights.load(`${linear}.weight`);
    return values.map((v, i) => v * scale[Math.floor((i % inputs) / cells)]!);
  });
  const bias = g.weight(`${linear}.bias`, [outputs], async () => {
    const { shift } = await loadBatchNorm(weights, norm);
    const values = await weights.load(`${linear}.weight`);
    const biases = await weights.load(`${linear}.bias`);
    return biases.map((b, o) => {
      let sum = b;
      for (let i = 0; i < inputs; i++)
        sum += values[o * inputs + i]! * shift[Math.floor(i / cells)]!;
      return sum;
    });
  });
  const flat = g.node('Gemm', [g.node('Flatten', [pooled]), weight, bias], { transB: 1 });
  const codes = equalLinear(g, weights, flat, 'encoder.linear');
  return g.node('Reshape', [codes, g.integers([-1, styles, styleWidth])]);
}

/**
 * AdaptiveAvgPool as a matrix [outputs, inputs]: output i is the mean of inputs
 * floor(i·in/out) … ceil((i+1)·in/out) − 1 (torch.nn.AdaptiveAvgPool2d).
 */
function adaptivePooling(inputs: number, outputs: number): number[] {
  const matrix = Array<number>(outputs * inputs).fill(0);
  for (let o = 0; o < outputs; o++) {
    const start = Math.floor((o * inputs) / outputs);
    const end = Math.ceil(((o + 1) * inputs) / outputs);
    matrix.fill(1 / (end - start), o * inputs + start, o * inputs + end);
  }
  return matrix;
}

const transpose = (matrix: readonly number[], rows: number, columns: number): number[] =>
  Array.from({ length: matrix.length }, (_, i) => {
    const [column, row] = [Math.floor(i / rows), i % rows];
    return matrix[row * columns + column]!;
  });

const mismatch = (found: string, expected: string): ConvertError =>
  new ConvertError(
    'FOREIGN',
    `The encoder gives ${found}, but the decoder takes ${expected}: they do not belong together.`,
  );

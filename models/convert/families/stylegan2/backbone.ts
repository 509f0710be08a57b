import { ConvertError } from '../../errors';
import type { GraphBuilder, Value } from '../../onnx/graphBuilder';
import type { WeightTable } from '../../weightTable';
import { convolve, expectBatchNorm, foldBatchNorm, loadBatchNorm } from './layers';

/** The encoder's input side; pSp resizes every face to it. */
export const INPUT_SIZE = 256;
/** IR-SE50's stages, each of which halves the picture. */
const STAGES = 4;

/** A feature map of the encoder. */
export interface Features {
  readonly value: Value;
  readonly width: number;
  /** Side in pixels. */
  readonly size: number;
}

/** Channels of the encoder's input. */
export const readInputChannels = (weights: WeightTable): number =>
  weights.size('encoder.input_layer.0.weight', 1);

const countUnits = (weights: WeightTable): number =>
  weights.count('encoder.body.', '.res_layer.1.weight');

/**
 * Units whose last normalisation is all zeros, which makes them their shortcut. Our own training leaves
 * the first ones so; at 256² and 128² they would cost more than all the rest.
 */
export async function findSilentUnits(weights: WeightTable): Promise<ReadonlySet<number>> {
  const silent = new Set<number>();
  const units = countUnits(weights);
  for (let unit = 0; unit < units; unit++) {
    const { scale, shift } = await loadBatchNorm(weights, `encoder.body.${unit}.res_layer.4`);
    if ([scale, shift].every((values) => values.every((value) => value === 0))) silent.add(unit);
  }
  return silent;
}

/**
 * IR-SE (ArcFace's improved residual network with squeeze and excitation), of any widths and any
 * number of units per stage. The checkpoint does not tell the strides: the first unit of the body and
 * every unit whose width changes begin a stage and halve the picture, as get_blocks() makes them.
 * @param image [N, C, 256, 256]
 * @param silent as `findSilentUnits` tells
 * @returns the ends of the stages: 128², 64², 32², 16²
 * @throws ConvertError FOREIGN when the tensors do not make such a network.
 */
export function buildBackbone(
  g: GraphBuilder,
  weights: WeightTable,
  image: Value,
  silent: ReadonlySet<number>,
): readonly Features[] {
  const channels = readInputChannels(weights);
  let width = weights.size('encoder.input_layer.0.weight', 0);
  let value = buildStem(g, weights, image, channels, width);
  let size = INPUT_SIZE;
  const stages: Features[] = [];
  const units = countUnits(weights);
  for (let unit = 0; unit < units; unit++) {
    const name = `encoder.body.${unit}`;
    const nextWidth = weights.size(`${name}.res_layer.1.weight`, 0);
    const stride = unit === 0 || nextWidth !== width ? 2 : 1;
    if (stride === 2 && unit > 0) stages.push({ value, width, size });
    const shortcut = buildShortcut(g, weights, value, name, width, nextWidth, stride);
    const residual = buildResidual(g, weights, value, name, width, nextWidth, stride);
    value = silent.has(unit) ? shortcut : g.node('Add', [residual, shortcut]);
    width = nextWidth;
    size /= stride;
  }
  stages.push({ value, width, size });
  if (stages.length !== STAGES || units === 0) {
    throw new ConvertError(
      'FOREIGN',
      `The encoder's body has ${units} units in ${stages.length} stages (a stage begins where the ` +
        `width changes); pSp has ${STAGES} stages.`,
    );
  }
  return stages;
}

function buildStem(
  g: GraphBuilder,
  weights: WeightTable,
  image: Value,
  channels: number,
  width: number,
): Value {
  const name = 'encoder.input_layer';
  return prelu(
    g,
    weights,
    convolveAndNormalise(g, weights, image, `${name}.0`, `${name}.1`, [width, channels, 3, 3]),
    `${name}.2`,
    width,
  );
}

/** Normalise, convolve, PReLU, convolve (stride), normalise, excite. */
function buildResidual(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  name: string,
  width: number,
  nextWidth: number,
  stride: number,
): Value {
  const layer = `${name}.res_layer`;
  weights.expect(`${layer}.1.weight`, [nextWidth, width, 3, 3]);
  let y = batchNorm(g, weights, x, `${layer}.0`, width);
  y = convolve(g, y, {
    name: `${layer}.1`,
    dims: [nextWidth, width, 3, 3],
    weight: () => weights.load(`${layer}.1.weight`),
    padding: 1,
  });
  y = prelu(g, weights, y, `${layer}.2`, nextWidth);
  const dims = [nextWidth, nextWidth, 3, 3] as const;
  y = convolveAndNormalise(g, weights, y, `${layer}.3`, `${layer}.4`, dims, stride);
  return weights.has(`${layer}.5.fc1.weight`) ? excite(g, weights, y, `${layer}.5`, nextWidth) : y;
}

function buildShortcut(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  name: string,
  width: number,
  nextWidth: number,
  stride: number,
): Value {
  if (width !== nextWidth) {
    const layer = `${name}.shortcut_layer`;
    const dims = [nextWidth, width, 1, 1] as const;
    return convolveAndNormalise(g, weights, x, `${layer}.0`, `${layer}.1`, dims, stride);
  }
  if (stride === 1) return x;
  // MaxPool2d(1, 2) takes every second pixel.
  return g.node('MaxPool', [x], { kernel_shape: [1, 1], strides: [stride, stride] });
}

/**
 * Stays a node of its own: the convolution behind it pads with zeros, and a shift that was folded into
 * that convolution would be missing from the padding.
 */
function batchNorm(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  name: string,
  width: number,
): Value {
  expectBatchNorm(weights, name, width);
  const parts = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    g.weight(`${name}.${part}`, [width], () => weights.load(`${name}.${part}`)),
  );
  return g.node('BatchNormalization', [x, ...parts]);
}

function convolveAndNormalise(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  convolution: string,
  norm: string,
  dims: readonly [number, number, number, number],
  stride = 1,
): Value {
  weights.expect(`${convolution}.weight`, dims);
  expectBatchNorm(weights, norm, dims[0]);
  return convolve(g, x, {
    name: convolution,
    dims,
    weight: () => foldBatchNorm(weights, convolution, norm),
    bias: async () => Float32Array.from((await loadBatchNorm(weights, norm)).shift),
    stride,
    padding: (dims[2] - 1) / 2,
  });
}

/**
 * PReLU as a·x + (1 − a)·max(x, 0), each scaling a depthwise 1×1 convolution: onnxruntime keeps those in
 * its blocked layout and fuses the sum, while its PRelu leaves that layout and runs on one thread
 * (measured: 5 % of the encoder).
 */
function prelu(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  name: string,
  width: number,
): Value {
  weights.expect(`${name}.weight`, [width]);
  const scale = (input: Value, suffix: string, map: (slope: number) => number): Value =>
    convolve(g, input, {
      name: `${name}.${suffix}`,
      dims: [width, 1, 1, 1],
      weight: async () => (await weights.load(`${name}.weight`)).map(map),
      groups: width,
    });
  const line = scale(x, 'slope', (slope) => slope);
  return g.node('Add', [scale(g.node('Relu', [x]), 'rest', (slope) => 1 - slope), line]);
}

/** Squeeze and excitation: every channel is scaled by what the mean of all channels says of it. */
function excite(
  g: GraphBuilder,
  weights: WeightTable,
  x: Value,
  name: string,
  width: number,
): Value {
  const reduced = weights.size(`${name}.fc1.weight`, 0);
  weights.expect(`${name}.fc1.weight`, [reduced, width, 1, 1]);
  weights.expect(`${name}.fc2.weight`, [width, reduced, 1, 1]);
  let y = g.node('GlobalAveragePool', [x]);
  y = convolve(g, y, {
    name: `${name}.fc1`,
    dims: [reduced, width, 1, 1],
    weight: () => weights.load(`${name}.fc1.weight`),
  });
  y = convolve(g, g.node('Relu', [y]), {
    name: `${name}.fc2`,
    dims: [width, reduced, 1, 1],
    weight: () => weights.load(`${name}.fc2.weight`),
  });
  return g.node('Mul', [x, g.node('Sigmoid', [y])]);
}

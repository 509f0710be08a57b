/** How a tensor of a made-up checkpoint is filled. */
export type Fill =
  | { readonly kind: 'uniform'; readonly deviation: number; readonly mean?: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'values'; readonly values: readonly number[] };

export interface LayoutTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly fill: Fill;
  /** `num_batches_tracked` is the only one that is not float32. */
  readonly type: 'float32' | 'int64';
}

export interface PspSizes {
  readonly inputChannels: number;
  /** Channels of the encoder's four stages; the stem has the first's. */
  readonly widths: readonly [number, number, number, number];
  /** Bottleneck units of each stage. */
  readonly units: readonly [number, number, number, number];
  /** Squeeze-and-excite reduction. */
  readonly reduction: number;
  /** D, which is also the width of the decoder's small maps. */
  readonly styleWidth: number;
  /** Side of the decoder's picture. */
  readonly size: number;
  /** Channels of the decoder's map of a given side. */
  readonly decoderWidth: (side: number) => number;
}

/** IR-SE50 and the 1024² StyleGAN2 of the released checkpoints. */
export const officialSizes: PspSizes = {
  inputChannels: 3,
  widths: [64, 128, 256, 512],
  units: [3, 4, 14, 3],
  reduction: 16,
  styleWidth: 512,
  size: 1024,
  decoderWidth: (side) => Math.min(512, 32768 / side),
};

const constant = (value: number): Fill => ({ kind: 'constant', value });
const uniform = (deviation: number, mean = 0): Fill => ({ kind: 'uniform', deviation, mean });
/** Keeps the variance through a layer that is followed by a rectifier. */
const kaiming = (fanIn: number): Fill => uniform(Math.sqrt(2 / fanIn));

/** Every tensor of a pSp state dict (GradualStyleEncoder) in the order in which torch saves them. */
export function layOutPsp(sizes: PspSizes): LayoutTensor[] {
  return [...layOutEncoder(sizes), ...layOutDecoder(sizes)];
}

const tensor = (name: string, shape: readonly number[], fill: Fill): LayoutTensor => ({
  name,
  shape,
  fill,
  type: 'float32',
});

const batchNorm = (name: string, width: number): LayoutTensor[] => [
  tensor(`${name}.weight`, [width], uniform(0.1, 1)),
  tensor(`${name}.bias`, [width], uniform(0.1)),
  tensor(`${name}.running_mean`, [width], uniform(0.1)),
  tensor(`${name}.running_var`, [width], uniform(0.1, 1)),
  { name: `${name}.num_batches_tracked`, shape: [], fill: constant(1), type: 'int64' },
];

function* layOutEncoder(sizes: PspSizes): Generator<LayoutTensor> {
  const { inputChannels, widths, units, styleWidth, size } = sizes;
  const name = 'encoder.input_layer';
  yield tensor(`${name}.0.weight`, [widths[0], inputChannels, 3, 3], kaiming(9 * inputChannels));
  yield* batchNorm(`${name}.1`, widths[0]);
  yield tensor(`${name}.2.weight`, [widths[0]], constant(0.25));
  let [width, unit] = [widths[0], 0];
  for (const [stage, count] of units.entries()) {
    for (let i = 0; i < count; i++, unit++) {
      yield* layOutUnit(`encoder.body.${unit}`, width, widths[stage]!, sizes.reduction);
      width = widths[stage]!;
    }
  }
  const styles = 2 * Math.log2(size) - 2;
  for (let style = 0; style < styles; style++) {
    const convolutions = style < 3 ? 4 : style < 7 ? 5 : 6;
    for (let i = 0; i < convolutions; i++) {
      const inputs = i === 0 ? widths[3] : styleWidth;
      const layer = `encoder.styles.${style}.convs.${2 * i}`;
      yield tensor(`${layer}.weight`, [styleWidth, inputs, 3, 3], kaiming(9 * inputs));
      yield tensor(`${layer}.bias`, [styleWidth], uniform(0.01));
    }
    yield* equalLinear(`encoder.styles.${style}.linear`, styleWidth, styleWidth, 1, 0);
  }
  for (const [i, inputs] of [widths[2], widths[1]].entries()) {
    const layer = `encoder.latlayer${i + 1}`;
    yield tensor(`${layer}.weight`, [widths[3], inputs, 1, 1], uniform(Math.sqrt(1 / inputs)));
    yield tensor(`${layer}.bias`, [widths[3]], uniform(0.01));
  }
}

function* layOutUnit(
  name: string,
  width: number,
  nextWidth: number,
  reduction: number,
): Generator<LayoutTensor> {
  if (width !== nextWidth) {
    const projection = uniform(Math.sqrt(1 / width));
    yield tensor(`${name}.shortcut_layer.0.weight`, [nextWidth, width, 1, 1], projection);
    yield* batchNorm(`${name}.shortcut_layer.1`, nextWidth);
  }
  const layer = `${name}.res_layer`;
  const reduced = Math.max(1, Math.floor(nextWidth / reduction));
  yield* batchNorm(`${layer}.0`, width);
  yield tensor(`${layer}.1.weight`, [nextWidth, width, 3, 3], kaiming(9 * width));
  yield tensor(`${layer}.2.weight`, [nextWidth], constant(0.25));
  yield tensor(`${layer}.3.weight`, [nextWidth, nextWidth, 3, 3], kaiming(9 * nextWidth));
  yield* batchNorm(`${layer}.4`, nextWidth);
  yield tensor(`${layer}.5.fc1.weight`, [reduced, nextWidth, 1, 1], kaiming(nextWidth));
  yield tensor(`${layer}.5.fc2.weight`, [nextWidth, reduced, 1, 1], kaiming(reduced));
}

/** The learning rate's inverse is in the stored weights, so that scaling by it gives unit variance. */
const equalLinear = (
  name: string,
  outputs: number,
  inputs: number,
  learningRate: number,
  bias: number,
): LayoutTensor[] => [
  tensor(`${name}.weight`, [outputs, inputs], uniform(1 / learningRate)),
  tensor(`${name}.bias`, [outputs], constant(bias)),
];

/** StyleGAN2's filter [1, 3, 3, 1]² / 64, times 4 where the map was doubled. */
const FIR: Fill = {
  kind: 'values',
  values: [1, 3, 3, 1].flatMap((row) => [1, 3, 3, 1].map((column) => (row * column) / 16)),
};

function* layOutDecoder({ styleWidth, size, decoderWidth }: PspSizes): Generator<LayoutTensor> {
  for (let i = 1; i <= 8; i++) {
    yield* equalLinear(`decoder.style.${i}`, styleWidth, styleWidth, 0.01, 0);
  }
  const first = decoderWidth(4);
  yield tensor('decoder.input.input', [1, first, 4, 4], uniform(1));
  yield* layOutStyled('decoder.conv1', first, first, styleWidth, false);
  yield* layOutToRgb('decoder.to_rgb1', first, styleWidth, false);
  const levels = Math.log2(size) - 2;
  for (let level = 0; level < levels; level++) {
    const [inputs, outputs] = [decoderWidth(4 << level), decoderWidth(8 << level)];
    yield* layOutStyled(`decoder.convs.${2 * level}`, inputs, outputs, styleWidth, true);
    yield* layOutStyled(`decoder.convs.${2 * level + 1}`, outputs, outputs, styleWidth, false);
  }
  for (let level = 0; level < levels; level++) {
    yield* layOutToRgb(`decoder.to_rgbs.${level}`, decoderWidth(8 << level), styleWidth, true);
  }
  for (let i = 0; i <= 2 * levels; i++) {
    const side = 4 << Math.ceil(i / 2);
    yield tensor(`decoder.noises.noise_${i}`, [1, 1, side, side], uniform(1));
  }
}

function* layOutStyled(
  name: string,
  inputs: number,
  outputs: number,
  styleWidth: number,
  doubles: boolean,
): Generator<LayoutTensor> {
  yield tensor(`${name}.conv.weight`, [1, outputs, inputs, 3, 3], uniform(1));
  if (doubles) yield tensor(`${name}.conv.blur.kernel`, [4, 4], FIR);
  yield* equalLinear(`${name}.conv.modulation`, inputs, styleWidth, 1, 1);
  yield tensor(`${name}.noise.weight`, [1], constant(0.1));
  yield tensor(`${name}.activate.bias`, [outputs], uniform(0.1));
}

function* layOutToRgb(
  name: string,
  inputs: number,
  styleWidth: number,
  doubles: boolean,
): Generator<LayoutTensor> {
  yield tensor(`${name}.bias`, [1, 3, 1, 1], constant(0));
  if (doubles) yield tensor(`${name}.upsample.kernel`, [4, 4], FIR);
  yield tensor(`${name}.conv.weight`, [1, 3, inputs, 1, 1], uniform(0.1));
  yield* equalLinear(`${name}.conv.modulation`, inputs, styleWidth, 1, 1);
}

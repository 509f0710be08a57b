import { PickledTensor, writePickle, type Picklable } from './pickleWriter';
import { layOutPsp, type LayoutTensor, type PspSizes } from './pspLayout';
import { ZipWriter, type Write } from './zipWriter';

/**
 * Writes a pSp checkpoint of any size with random weights, as torch.save writes one.
 * @param opts training options; `start_from_latent_avg` is set
 * @param seed of the weights: the same seed gives the same file
 */
export async function writeRandomCheckpoint(
  write: Write,
  sizes: PspSizes,
  opts: Readonly<Record<string, Picklable>>,
  seed: number,
): Promise<void> {
  const styles = 2 * Math.log2(sizes.size) - 2;
  const latentAverage: LayoutTensor = {
    name: 'latent_avg',
    shape: [styles, sizes.styleWidth],
    fill: { kind: 'uniform', deviation: 0.1 },
    type: 'float32',
  };
  const tensors = layOutPsp(sizes);
  const pickled = [...tensors, latentAverage].map(
    ({ name, shape, type }, i) =>
      [
        name,
        new PickledTensor(
          type === 'float32' ? 'FloatStorage' : 'LongStorage',
          String(i),
          countNumbers(shape),
          shape,
        ),
      ] as const,
  );
  const root = new Map<string, Picklable>([
    ['state_dict', new Map(pickled.slice(0, -1))],
    ['opts', new Map(Object.entries({ ...opts, start_from_latent_avg: true }))],
    ['latent_avg', pickled.at(-1)![1]],
  ]);
  const zip = new ZipWriter(write);
  const random = createRandom(seed);
  await zip.add('archive/data.pkl', writePickle(root));
  for (const [i, tensor] of [...tensors, latentAverage].entries()) {
    await zip.add(`archive/data/${i}`, fillTensor(tensor, random));
  }
  await zip.add('archive/version', Buffer.from('3\n'));
  await zip.finish();
}

const countNumbers = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

function fillTensor({ shape, fill, type }: LayoutTensor, random: () => number): Uint8Array {
  const count = countNumbers(shape);
  if (type === 'int64') return new Uint8Array(new BigInt64Array(count).buffer);
  const values = new Float32Array(count);
  if (fill.kind === 'constant') values.fill(fill.value);
  else if (fill.kind === 'values') values.set(fill.values);
  else {
    // A uniform variable on (−1, 1) has the standard deviation 1/√3.
    const { deviation, mean = 0 } = fill;
    const scale = deviation * Math.sqrt(3);
    for (let i = 0; i < count; i++) values[i] = mean + scale * random();
  }
  return new Uint8Array(values.buffer);
}

/** Marsaglia's xorshift32, to (−1, 1): 300 million numbers in two seconds. */
function createRandom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}

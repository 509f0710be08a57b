import { chooseOperation, inputKindOf, readCheckpointParts } from './checkpointOptions';
import type { CheckpointParts } from './checkpointOptions';
import { decodeModelDescription } from './decodeModelDescription';
import { ConvertError } from './errors';
import { recogniseFamily } from './families';
import type { LatentAverage } from './families/family';
import {
  graphRoles,
  isPackageName,
  MODEL_FORMAT_VERSION,
  type GraphRole,
  type ModelDescription,
} from './modelDescription';
import type { GraphBuilder, Precision } from './onnx/graphBuilder';
import { writeGraph } from './onnx/writeGraph';
import type { PackageStore } from './packageStore';
import { throwIfCancelled, type ByteSource, type CancelSignal, type Checksums } from './runtime';
import { groupStyles } from './styleGroups';
import { countNumbers, readTensor, type CheckpointFile } from './torch/checkpointFile';
import { openCheckpointFile } from './torch/openCheckpointFile';
import { verifyFile } from './torch/verifyFile';
import { WeightTable } from './weightTable';

export interface ConvertOptions {
  /** The package's name: see `ModelDescription`. */
  readonly name: string;
  /** How weights are stored: float16 halves the files at 3 significant digits. */
  readonly precision?: Precision | undefined;
  /** What the model serves; the checkpoint tells it if it is an official one or one of our own. */
  readonly operation?: string | undefined;
  readonly licence?: string | undefined;
  readonly attribution?: string | undefined;
  readonly domain?: string | undefined;
}

export interface ConvertProgress {
  readonly stage: 'verify' | GraphRole;
  /** Of this stage, 0..1. */
  readonly fraction: number;
}

export interface ConvertContext {
  readonly checksums: Checksums;
  readonly signal?: CancelSignal | undefined;
  readonly onProgress?: ((progress: ConvertProgress) => void) | undefined;
}

/**
 * Makes a model package from a pSp checkpoint (`.pt`). The file is read once for its checksums and once,
 * a tensor at a time, for its weights; nothing is written before all shapes have been checked.
 * @throws ConvertError, and whatever the source and the store throw; the store has been told to discard.
 */
export async function convertCheckpoint(
  source: ByteSource,
  store: PackageStore,
  options: ConvertOptions,
  context: ConvertContext,
): Promise<ModelDescription> {
  try {
    const model = await writePackage(source, store, options, context);
    throwIfCancelled(context.signal);
    // What the checkpoint says of itself may be longer than a package may say.
    decodeModelDescription(JSON.parse(JSON.stringify(model)));
    await store.commit(model);
    return model;
  } catch (error) {
    await store.discard();
    throw error;
  }
}

async function writePackage(
  source: ByteSource,
  store: PackageStore,
  options: ConvertOptions,
  { checksums, signal, onProgress }: ConvertContext,
): Promise<ModelDescription> {
  const { name, precision = 'float32' } = options;
  if (!isPackageName(name)) {
    throw new ConvertError(
      'BAD_OPTION',
      `A model cannot be named "${name}": use up to 64 lower-case letters, digits, ".", "_", "-".`,
    );
  }
  const file = await openCheckpointFile(source);
  const parts = readCheckpointParts(file.root, source.name);
  const operation = chooseOperation(options.operation, parts.options, source.name);
  const weights = new WeightTable(source, file, parts.stateDict, signal);
  const family = recogniseFamily(weights);
  const { graphs, resolution, styleDim, styleResolutions, input } = await family.read(weights, {
    precision,
    latentAverage: (styles, width) => readLatentAverage(source, file, parts, styles, width),
  });

  const sha256 = await verifyFile(source, file, checksums, signal, (fraction) =>
    onProgress?.({ stage: 'verify', fraction }),
  );
  const written: Partial<Record<GraphRole, WrittenGraph>> = {};
  for (const role of graphRoles) {
    written[role] = await saveGraph(role, graphs[role], store, checksums, (fraction) =>
      onProgress?.({ stage: role, fraction }),
    );
  }
  const { encoder, mapping, decoder } = written as Record<GraphRole, WrittenGraph>;
  return {
    formatVersion: MODEL_FORMAT_VERSION,
    name,
    family: family.id,
    operations: [operation],
    licence: options.licence ?? parts.options.licence ?? 'not stated',
    attribution: options.attribution ?? parts.options.attribution ?? 'not stated',
    terms: null,
    measured: null,
    source: { file: source.name, sha256 },
    input: { kind: inputKindOf(operation), ...input },
    resolution,
    nStyles: styleResolutions.length,
    styleDim,
    styleResolutions,
    styleGroups: groupStyles(styleResolutions),
    domain: options.domain ?? parts.options.domain ?? 'face',
    precision,
    graphs: { encoder: encoder.path, mapping: mapping.path, decoder: decoder.path },
    directions: null,
    checksums: { encoder: encoder.sha256, mapping: mapping.sha256, decoder: decoder.sha256 },
  };
}

/** @throws ConvertError FOREIGN when it should be there and is not, or has a shape of its own. */
function readLatentAverage(
  source: ByteSource,
  file: CheckpointFile,
  { latentAverage: tensor, options }: CheckpointParts,
  styles: number,
  styleWidth: number,
): LatentAverage | null {
  if (!options.startFromLatentAverage) return null;
  const rows = tensor ? countNumbers(tensor.shape) / styleWidth : 0;
  if (!tensor || tensor.shape.at(-1) !== styleWidth || (rows !== 1 && rows !== styles)) {
    const found = tensor ? `is [${tensor.shape.join(', ')}]` : 'is missing';
    throw new ConvertError(
      'FOREIGN',
      `${source.name} was trained to start from latent_avg, but that ${found}; it should be ` +
        `[${styleWidth}] or [${styles}, ${styleWidth}].`,
    );
  }
  return { rows, load: () => readTensor(source, file, tensor) };
}

interface WrittenGraph {
  readonly path: string;
  readonly sha256: string;
}

async function saveGraph(
  role: GraphRole,
  graph: GraphBuilder,
  store: PackageStore,
  checksums: Checksums,
  onFraction: (fraction: number) => void,
): Promise<WrittenGraph> {
  const total = graph.initializers.reduce((sum, { byteLength }) => sum + byteLength, 1);
  const digest = checksums.sha256();
  const sink = await store.createFile(role);
  let written = 0;
  await writeGraph(graph, async (bytes) => {
    digest.update(bytes);
    await sink.write(bytes);
    written += bytes.length;
    onFraction(Math.min(1, written / total));
  });
  const sha256 = digest.hex();
  return { path: await sink.close(sha256), sha256 };
}

import { stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import * as ort from 'onnxruntime-node';
import { PspError } from '../../protocol/errors';
import type { ProviderReport } from '../../protocol/model';
import type { Engine, Tensor, Tensors } from './engine';
import type { Graph, GraphSignature, GraphValue } from './graph';
import { savedGraph } from './savedGraph';

/** Execution providers by their ONNX Runtime names. */
export const providers = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const;
export type Provider = (typeof providers)[number];

export interface OnnxEngineOptions {
  readonly provider: Provider;
  readonly report: ProviderReport;
  /**
   * Sessions are closed, least recently used first, when their files together outgrow this. The
   * official encoder and decoder (1.2 GB in float32) fit, so one model never evicts itself.
   */
  readonly sessionBytes?: number;
  /** Networks of at least this size are kept as the runtime has laid them out for this processor. */
  readonly savedFromBytes?: number;
}

interface LoadedSession {
  readonly session: Promise<ort.InferenceSession>;
  readonly bytes: number;
}

const defaultSessionBytes = 2 * 2 ** 30;
/** The embedded networks are smaller: they are laid out in half a second. */
const defaultSavedFromBytes = 96 * 2 ** 20;

export const cpuThreads = (): number => Math.max(1, cpus().length);

/** The engine over ONNX Runtime: the only file that knows it. */
export function createOnnxEngine(options: OnnxEngineOptions): Engine {
  const budget = options.sessionBytes ?? defaultSessionBytes;
  const savedFrom = options.savedFromBytes ?? defaultSavedFromBytes;
  // By the graphs' hashes, in the order of use: the first entry is the least recently used.
  const sessions = new Map<string, LoadedSession>();
  const running = new Map<string, number>();

  async function load(graph: Graph): Promise<ort.InferenceSession> {
    const { path, sha256, read } = graph;
    const held = sessions.get(sha256);
    if (held) {
      sessions.delete(sha256);
      sessions.set(sha256, held);
      return held.session;
    }
    const size = await sizeOf(path);
    const raced = sessions.get(sha256);
    if (raced) return raced.session;
    void evict(budget - size);
    const settings = size >= courteousFromBytes ? courteous : {};
    const session = read
      ? read().then((bytes) => openSession(bytes, options.provider, settings))
      : options.provider === 'cpu' && size >= savedFrom
        ? openSaved(graph)
        : openSession(path, options.provider, settings);
    sessions.set(sha256, { session, bytes: size });
    // A failed load is forgotten, so that a retry really retries.
    session.catch(() => sessions.delete(sha256));
    return session;
  }

  async function evict(allowed: number): Promise<void> {
    let total = [...sessions.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    const evicted: Promise<void>[] = [];
    for (const [sha256, entry] of sessions) {
      if (total <= allowed) break;
      if (running.get(sha256)) continue;
      sessions.delete(sha256);
      total -= entry.bytes;
      evicted.push(entry.session.then((session) => session.release()));
    }
    await Promise.all(evicted);
  }

  return {
    report: options.report,

    async run(graph, inputs, signal) {
      throwIfCancelled(signal);
      const { sha256 } = graph;
      running.set(sha256, (running.get(sha256) ?? 0) + 1);
      try {
        const session = await load(graph);
        throwIfCancelled(signal);
        return await runSession(session, inputs);
      } catch (error) {
        throw translate(error);
      } finally {
        running.set(sha256, (running.get(sha256) ?? 1) - 1);
      }
    },

    // A graphics card's networks lie in its own memory, and take seconds to open.
    release: async () => (options.provider === 'cpu' ? evict(0) : undefined),

    async close() {
      const open = [...sessions.values()];
      sessions.clear();
      await Promise.allSettled(open.map(async (entry) => (await entry.session).release()));
    },
  };
}

/** Bytes. A pipe in a file's place would keep the runtime waiting for ever. */
async function sizeOf(path: string): Promise<number> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new PspError('MODEL_MISSING', `The network file ${path} is gone.`, { cause });
  });
  if (status.isFile()) return status.size;
  throw new PspError('MODEL_MISSING', `${path} is no file. Import the model again.`);
}

/** A network by what the runtime made of it for this processor, saved on the first time. */
async function openSaved({ path, sha256 }: Graph): Promise<ort.InferenceSession> {
  const runtime = ort.env.versions.node ?? ort.env.versions.common;
  const saved = await savedGraph({ path, sha256, runtime }, async (file) => {
    const session = await openSession(path, 'cpu', savedWeights, { optimizedModelFilePath: file });
    await session.release();
  });
  if (!saved) return openSession(path, 'cpu', courteous);
  return openSession(saved.path, 'cpu', courteous).catch(async () => {
    await saved.remove();
    return openSession(path, 'cpu', courteous);
  });
}

/** The runtime's settings of a session. */
type Settings = Readonly<Record<string, unknown>>;

// Weights in a file of their own are mapped, not read: memory that every process shares and the system may
// take back. Windows does not remove a file that is mapped.
const savedWeights: Settings =
  process.platform === 'win32'
    ? {}
    : {
        optimized_model_external_initializers_file_name: 'weights',
        optimized_model_external_initializers_min_size_in_bytes: '1024',
      };

/** Weights of their own size: the arena would round each of them up, and keep what laying them out took. */
const initializers: Settings = { use_device_allocator_for_initializers: '1' };

/**
 * Threads that wait for their next piece of work hold their core for so many microseconds only. By default it is
 * longer: a page or an editor on the same cores is kept from its work, and the network then waits for what it kept
 * off. A decoder beside busy programs takes a quarter less time so.
 */
const courteous: Settings = { intra_op: { spin_duration_us: '200' } };
/** Smaller networks are over before it matters. */
const courteousFromBytes = 8 * 2 ** 20;

export function openSession(
  graph: string | Uint8Array,
  provider: Provider,
  settings: Settings = {},
  more: ort.InferenceSession.SessionOptions = {},
): Promise<ort.InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    intraOpNumThreads: cpuThreads(),
    // Errors reach us as exceptions; warnings would only disturb a terminal.
    logSeverityLevel: 4,
    ...(provider === 'cpu' && {
      extra: { session: { ...initializers, ...settings } },
      // What was planned from the first run on is held beside what that run took; allocated piece by piece, all runs
      // share one arena, and none is slower.
      enableMemPattern: false,
    }),
    ...more,
  };
  return typeof graph === 'string'
    ? ort.InferenceSession.create(graph, options)
    : ort.InferenceSession.create(graph, options);
}

export async function runSession(session: ort.InferenceSession, inputs: Tensors): Promise<Tensors> {
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [
      name,
      new ort.Tensor('float32', data, [...shape]),
    ]),
  );
  const outputs = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]): [string, Tensor] => [
      name,
      { data: output.data as Float32Array, shape: output.dims },
    ]),
  );
}

/** Names and shapes of what a graph takes and gives, a free side as `null`. */
export async function readSignature({ path, read }: Graph): Promise<GraphSignature> {
  const session = await openSession(read ? await read() : path, 'cpu');
  const values = (metadata: readonly ort.InferenceSession.ValueMetadata[]): GraphValue[] =>
    metadata.map((value) => {
      if (!value.isTensor) throw new PspError('INTERNAL', `${value.name} is not a tensor.`);
      const shape = value.shape.map((side) => (typeof side === 'number' && side > 0 ? side : null));
      return { name: value.name, shape };
    });
  const signature = {
    inputs: values(session.inputMetadata),
    outputs: values(session.outputMetadata),
  };
  await session.release();
  return signature;
}

/** The inputs of a graph with every free dimension set to 1, filled with a fixed pattern in −1..1. */
export function patternInputs(session: ort.InferenceSession): Tensors {
  return Object.fromEntries(
    session.inputMetadata.map((input) => {
      if (!input.isTensor) throw new PspError('INTERNAL', `${input.name} is not a tensor.`);
      const shape = input.shape.map((size) => (typeof size === 'number' && size > 0 ? size : 1));
      const length = shape.reduce((product, size) => product * size, 1);
      const data = Float32Array.from({ length }, (_, i) => ((i * 7919) % 2003) / 1001.5 - 1);
      return [input.name, { data, shape }];
    }),
  );
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new PspError('CANCELLED', 'The job was cancelled.');
}

function translate(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'brand' in error) return error;
  const message =
    typeof error === 'object' && error !== null && 'message' in error
      ? String(error.message)
      : String(error);
  return /bad_alloc|failed to allocate|out of memory|BFCArena/i.test(message)
    ? new PspError(
        'OUT_OF_MEMORY',
        `The networks need more memory than is free. Close other programs or use a smaller model. (${message})`,
        { retryable: true, cause: error },
      )
    : new PspError('INFERENCE_FAILED', `The networks could not be run: ${message}`, {
        cause: error,
      });
}

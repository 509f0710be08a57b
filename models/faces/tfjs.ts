import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { elementBytes } from './storedTensor';
import type { StoredTensor, StoredType } from './storedTensor';

/** A weight as TensorFlow.js ships it: the stored elements, and how they become float32. */
export interface Weight {
  readonly stored: StoredTensor;
  /** value = element · scale + min, for uint8 only. */
  readonly affine: { readonly scale: number; readonly min: number } | null;
}

export type Weights = ReadonlyMap<string, Weight>;

/** A node of a tfjs graph model, constants left out. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, TfAttribute>>;
}

/** Text comes base64-encoded, whole numbers as decimal text. */
interface TfAttribute {
  readonly s?: string;
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] };
}

interface ManifestWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: {
    readonly dtype: string;
    readonly scale?: number;
    readonly min?: number;
  };
}

interface Manifest {
  readonly paths: readonly string[];
  readonly weights: readonly ManifestWeight[];
}

interface GraphModel {
  readonly modelTopology: {
    readonly node: readonly (Partial<TfNode> & { name: string; op: string })[];
  };
  readonly weightsManifest: readonly Manifest[];
}

/** Reads `model.json` and its weight files: topology in execution order. */
export function readGraphModel(path: string): { nodes: readonly TfNode[]; weights: Weights } {
  const model = JSON.parse(readFileSync(path, 'utf8')) as GraphModel;
  const nodes = model.modelTopology.node
    .filter((node) => node.op !== 'Const')
    .map((node) => ({ input: [], attr: {}, ...node }));
  return { nodes: inExecutionOrder(nodes), weights: readWeights(path, model.weightsManifest) };
}

/** Reads a bare weights manifest (a model whose topology lives in code). */
export function readWeightsManifest(path: string): Weights {
  return readWeights(path, JSON.parse(readFileSync(path, 'utf8')) as readonly Manifest[]);
}

export const textAttribute = (node: TfNode, name: string): string =>
  decodeText(node.attr[name]?.s ?? '');

export const textListAttribute = (node: TfNode, name: string): readonly string[] =>
  (node.attr[name]?.list?.s ?? []).map(decodeText);

export const wholesAttribute = (node: TfNode, name: string): readonly number[] =>
  (node.attr[name]?.list?.i ?? []).map(Number);

const decodeText = (base64: string): string => Buffer.from(base64, 'base64').toString();

function readWeights(path: string, manifests: readonly Manifest[]): Weights {
  const weights = new Map<string, Weight>();
  for (const manifest of manifests) {
    const parts = manifest.paths.map((name) => readFileSync(join(dirname(path), name)));
    const bytes = new Uint8Array(Buffer.concat(parts));
    let at = 0;
    for (const { name, shape, dtype, quantization } of manifest.weights) {
      const type = storedType(name, quantization?.dtype ?? dtype);
      const size = shape.reduce((a, b) => a * b, 1) * elementBytes[type];
      const stored: StoredTensor = { type, dims: shape, bytes: bytes.slice(at, at + size) };
      const { scale, min } = quantization ?? {};
      weights.set(name, {
        stored,
        affine: scale !== undefined && min !== undefined ? { scale, min } : null,
      });
      at += size;
    }
    if (at !== bytes.length) throw new Error(`${path}: ${bytes.length - at} bytes left over`);
  }
  return weights;
}

function storedType(name: string, type: string): StoredType {
  if (type in elementBytes) return type as StoredType;
  throw new Error(`${name}: weights of type ${type} are not known here`);
}

/** ONNX requires that a node's inputs come before it; tfjs files do not keep to that. */
function inExecutionOrder(nodes: readonly TfNode[]): readonly TfNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const ordered = new Set<TfNode>();
  const visit = (node: TfNode): void => {
    if (ordered.has(node)) return;
    for (const input of node.input) {
      const source = byName.get(input);
      if (source !== undefined) visit(source);
    }
    ordered.add(node);
  };
  nodes.forEach(visit);
  return [...ordered];
}

import { attributeTypes, elementTypes } from './onnxSchema';

/** The name of a tensor in the graph under construction. */
export type Value = string;

/** Whole numbers are ints; a number that must be a float is wrapped by `float`. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

export const float = (value: number): Attribute => ({ float: value });

/** How weights are stored. Sums are always float32. */
export type Precision = 'float32' | 'float16';

/** A constant whose bytes are made only when they are written: a graph under construction is small. */
export interface Initializer {
  readonly name: Value;
  readonly dims: readonly number[];
  readonly type: keyof typeof elementTypes;
  readonly byteLength: number;
  /** Bytes are written as they are. */
  readonly load: () => Promise<Float32Array | BigInt64Array | Uint8Array>;
}

/** Where weights come from: float32 in row-major order. */
export type LoadWeights = () => Promise<Float32Array>;

/** A dimension, or the name of a free one. */
export type Dimension = number | 'N';

interface Node {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly Value[];
  readonly output: readonly Value[];
  readonly attribute: readonly object[];
}

interface NamedValue {
  readonly name: Value;
  readonly type: object;
}

/** Below this, half the bytes are not worth the rounding: small layers lie near the picture, and all others see it. */
const MIN_FLOAT16_NUMBERS = 32_768;

/** Collects nodes in the order of execution. Names are made from the operator and a running number. */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly initializers: Initializer[] = [];
  readonly inputs: NamedValue[] = [];
  readonly outputs: NamedValue[] = [];
  private readonly made = new Set<Value>();

  constructor(
    readonly name: string,
    private readonly precision: Precision,
  ) {}

  input(name: Value, dims: readonly Dimension[]): Value {
    this.inputs.push(describeValue(name, dims));
    return name;
  }

  output(name: Value, dims: readonly Dimension[], value: Value): void {
    this.outputs.push(describeValue(name, dims));
    this.addNode('Identity', [value], [name], {});
  }

  /** A node with one output. */
  node(
    op: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    const output = `${op}_${this.nodes.length}`;
    this.addNode(op, inputs, [output], attributes);
    return output;
  }

  /** Cuts a tensor into `count` equal parts along an axis. */
  split(input: Value, axis: number, count: number): Value[] {
    const prefix = `Split_${this.nodes.length}`;
    const outputs = Array.from({ length: count }, (_, i) => `${prefix}_${i}`);
    this.addNode('Split', [input], outputs, { axis });
    return outputs;
  }

  /** A weight of the checkpoint, stored in the precision asked for. */
  weight(name: string, dims: readonly number[], load: LoadWeights): Value {
    const unique = this.unique(name);
    const count = dims.reduce((product, n) => product * n, 1);
    const type = count >= MIN_FLOAT16_NUMBERS ? this.precision : 'float32';
    const byteLength = count * (type === 'float16' ? 2 : 4);
    this.initializers.push({ name: unique, dims, type, byteLength, load });
    if (type === 'float32') return unique;
    return this.node('Cast', [unique], { to: elementTypes.float32 });
  }

  /** A constant whose bytes are at hand in the type they are stored in, little-endian. */
  stored(
    name: string,
    type: keyof typeof elementTypes,
    dims: readonly number[],
    bytes: Uint8Array,
  ): Value {
    const unique = this.unique(name);
    const load = (): Promise<Uint8Array> => Promise.resolve(bytes);
    this.initializers.push({ name: unique, dims, type, byteLength: bytes.length, load });
    return unique;
  }

  /** A small constant known beforehand. */
  constant(name: string, dims: readonly number[], values: readonly number[]): Value {
    return this.weight(name, dims, () => Promise.resolve(Float32Array.from(values)));
  }

  /** Sizes, axes and the like. */
  integers(values: readonly number[]): Value {
    const name = this.unique(`ints_${values.join('_')}`);
    const load = (): Promise<BigInt64Array> => Promise.resolve(BigInt64Array.from(values, BigInt));
    const dims = [values.length];
    this.initializers.push({ name, dims, type: 'int64', byteLength: values.length * 8, load });
    return name;
  }

  /** Takes out what no output needs; nothing is added afterwards. */
  prune(): void {
    const needed = new Set(this.outputs.map(({ name }) => name));
    const kept = [...this.nodes].reverse().filter(({ input, output }) => {
      const used = output.some((name) => needed.has(name));
      if (used) for (const name of input) needed.add(name);
      return used;
    });
    this.nodes.splice(0, this.nodes.length, ...kept.reverse());
    const initializers = this.initializers.filter(({ name }) => needed.has(name));
    this.initializers.splice(0, this.initializers.length, ...initializers);
  }

  private unique(name: string): Value {
    let unique = name;
    for (let i = 2; this.made.has(unique); i++) unique = `${name}_${i}`;
    this.made.add(unique);
    return unique;
  }

  private addNode(
    opType: string,
    input: readonly Value[],
    output: readonly Value[],
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    const attribute = Object.entries(attributes).map(([name, value]) => ({
      name,
      ...encodeAttribute(value),
    }));
    this.nodes.push({ opType, name: output[0]!, input, output, attribute });
  }
}

function encodeAttribute(value: Attribute): object {
  if (typeof value === 'number') return { type: attributeTypes.int, i: value };
  if (typeof value === 'string') {
    return { type: attributeTypes.string, s: Uint8Array.from(value, (c) => c.charCodeAt(0)) };
  }
  if ('float' in value) return { type: attributeTypes.float, f: value.float };
  return { type: attributeTypes.ints, ints: value };
}

function describeValue(name: Value, dims: readonly Dimension[]): NamedValue {
  const dim = dims.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  return { name, type: { tensorType: { elemType: elementTypes.float32, shape: { dim } } } };
}

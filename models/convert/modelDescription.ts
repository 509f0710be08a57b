import { ConvertError } from './errors';
import type { Precision } from './onnx/graphBuilder';

/** The version of `model.json` that this code writes and reads. */
export const MODEL_FORMAT_VERSION = 1;

/** What a model can be the network of. Style mixing needs no model of its own. */
export const modelOperations = [
  'reconstruct',
  'frontalize',
  'super-resolve',
  'inpaint',
  'sketch-to-face',
  'labels-to-face',
  'toonify',
] as const;
export type ModelOperation = (typeof modelOperations)[number];

export const isModelOperation = (value: unknown): value is ModelOperation =>
  modelOperations.some((operation) => operation === value);

/**
 * What `image` of encoder.onnx holds.
 * - `rgb`: 3 channels in −1..1
 * - `sketch`: 1 channel, 0 (black line) .. 1 (paper), not normalised
 * - `label-map`: one channel per class, 1 where the pixel is of that class, else 0
 */
export const inputKinds = ['rgb', 'sketch', 'label-map'] as const;
export type InputKind = (typeof inputKinds)[number];

export const graphRoles = ['encoder', 'mapping', 'decoder'] as const;
export type GraphRole = (typeof graphRoles)[number];

/** `model.json`: everything about a model package but its weights. */
export interface ModelDescription {
  readonly formatVersion: typeof MODEL_FORMAT_VERSION;
  /** The package's name, which is also its folder's: lower-case letters, digits, '.', '_' and '-'. */
  readonly name: string;
  readonly operation: ModelOperation;
  /** An SPDX expression or a short statement. */
  readonly licence: string;
  /** Whom to credit. */
  readonly attribution: string;
  /** The checkpoint it was made of. */
  readonly source: { readonly file: string; readonly sha256: string };
  readonly input: { readonly kind: InputKind; readonly channels: number };
  /** Side of the picture that the decoder makes, in pixels. The encoder's input is always 256. */
  readonly resolution: number;
  /** Rows of the latents. */
  readonly nStyles: number;
  /** Columns of the latents: D. */
  readonly styleDim: number;
  /** What the pictures show: `face`, or any other word, for which no face is looked for. */
  readonly domain: string;
  /** How the weights are stored; sums are always float32. */
  readonly precision: Precision;
  /** Paths relative to the package's folder, with '/'; `../shared/…` where packages share a graph. */
  readonly graphs: Readonly<Record<GraphRole, string>>;
  /** SHA-256 of each graph's file. */
  readonly checksums: Readonly<Record<GraphRole, string>>;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** A graph lies in the package or in the folder that packages share, and nowhere else. */
const GRAPH_PATH = /^(\.\.\/shared\/)?[a-z0-9][a-z0-9._-]*\.onnx$/;
const SHA256 = /^[0-9a-f]{64}$/;

export const isPackageName = (name: string): boolean => NAME.test(name) && name !== 'shared';

/**
 * Checks what was parsed from a `model.json`.
 * @throws ConvertError CORRUPT naming the field and what belongs there.
 */
export function decodeModelDescription(value: unknown): ModelDescription {
  const model = readRecord(value, 'model.json');
  if (model.formatVersion !== MODEL_FORMAT_VERSION) {
    throw new ConvertError(
      'UNSUPPORTED',
      `model.json has formatVersion ${JSON.stringify(model.formatVersion)}; this version reads ` +
        `${MODEL_FORMAT_VERSION}. Import the checkpoint again.`,
    );
  }
  const source = readRecord(model.source, 'source');
  const input = readRecord(model.input, 'input');
  const graphs = readRecord(model.graphs, 'graphs');
  const checksums = readRecord(model.checksums, 'checksums');
  return {
    formatVersion: MODEL_FORMAT_VERSION,
    name: readText(model.name, 'name', isPackageName, 'lower-case letters, digits, ".", "_", "-"'),
    operation: readChoice(model.operation, 'operation', modelOperations),
    licence: readText(model.licence, 'licence'),
    attribution: readText(model.attribution, 'attribution'),
    source: {
      file: readText(source.file, 'source.file'),
      sha256: readText(source.sha256, 'source.sha256', (text) => SHA256.test(text), 'a SHA-256'),
    },
    input: {
      kind: readChoice(input.kind, 'input.kind', inputKinds),
      channels: readCount(input.channels, 'input.channels'),
    },
    resolution: readCount(model.resolution, 'resolution'),
    nStyles: readCount(model.nStyles, 'nStyles'),
    styleDim: readCount(model.styleDim, 'styleDim'),
    domain: readText(model.domain, 'domain'),
    precision: readChoice(model.precision, 'precision', ['float32', 'float16'] as const),
    graphs: readRoles(graphs, 'graphs', GRAPH_PATH, 'a file of the package or of ../shared'),
    checksums: readRoles(checksums, 'checksums', SHA256, 'a SHA-256'),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function readRecord(value: unknown, field: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(field, value, 'an object');
}

function readText(
  value: unknown,
  field: string,
  accepts: (text: string) => boolean = (text) => text.length > 0,
  expected = 'a text',
): string {
  if (typeof value === 'string' && value.length <= 2000 && accepts(value)) return value;
  throw wrong(field, value, expected);
}

function readCount(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw wrong(field, value, 'a whole number above 0');
}

function readChoice<T extends string>(value: unknown, field: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw wrong(field, value, `one of ${choices.join(', ')}`);
}

function readRoles(
  fields: Fields,
  name: string,
  pattern: RegExp,
  expected: string,
): Record<GraphRole, string> {
  const read = (role: GraphRole): string =>
    readText(fields[role], `${name}.${role}`, (text) => pattern.test(text), expected);
  return { encoder: read('encoder'), mapping: read('mapping'), decoder: read('decoder') };
}

const wrong = (field: string, value: unknown, expected: string): ConvertError =>
  new ConvertError(
    'CORRUPT',
    `model.json: ${field} is ${JSON.stringify(value)?.slice(0, 100)}; it should be ${expected}.`,
  );

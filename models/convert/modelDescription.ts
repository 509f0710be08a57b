import type { StyleGroups } from './styleGroups';

/** The version of `model.json` that this code writes; version 1 is read too. */
export const MODEL_FORMAT_VERSION = 2;

/** What a checkpoint can be the network of. Style mixing needs no model of its own. */
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
 * - `rgb-mask`: the same, 0 where the picture is unknown, and a mask that is 1 there
 * - `sketch`: 1 channel, 0 (black line) .. 1 (paper), not normalised
 * - `label-map`: one channel per class, 1 where the pixel is of that class, else 0
 */
export const inputKinds = ['rgb', 'rgb-mask', 'sketch', 'label-map'] as const;
export type InputKind = (typeof inputKinds)[number];

/** The graphs that every package has. */
export const graphRoles = ['encoder', 'mapping', 'decoder'] as const;
export type GraphRole = (typeof graphRoles)[number];

/** What a file of a package is, beside `model.json`; not every package has the last two. */
export type FileRole = GraphRole | 'fit' | 'directions';

/** How weights are stored; sums are always float32. `uint16`: levels with a step for every output. */
export const storedPrecisions = ['float32', 'float16', 'uint16'] as const;
export type StoredPrecision = (typeof storedPrecisions)[number];

/** `model.json`: everything about a model package but its weights. */
export interface ModelDescription {
  readonly formatVersion: typeof MODEL_FORMAT_VERSION;
  /** The package's name, which is also its folder's: lower-case letters, digits, '.', '_' and '-'. */
  readonly name: string;
  /** How its generator is built: a folder's name in `families/`. */
  readonly family: string;
  /** Ids of the operations that the encoder was trained for. */
  readonly operations: readonly string[];
  /** An SPDX expression or a short statement. */
  readonly licence: string;
  /** Whom to credit. */
  readonly attribution: string;
  /** What it is meant for, where licence and credit do not say all; `null` when they do. */
  readonly terms: string | null;
  /** How good it was seen to be, in figures; `null` or missing where nobody measured. */
  readonly measured: string | null;
  /** The file it was made of. */
  readonly source: { readonly file: string; readonly sha256: string };
  /** The encoder's picture; `size` is its side in pixels. */
  readonly input: { readonly kind: InputKind; readonly channels: number; readonly size: number };
  /** Side of the picture that the decoder makes, in pixels. */
  readonly resolution: number;
  /** Rows of the latents. */
  readonly nStyles: number;
  /** Columns of the latents: D. */
  readonly styleDim: number;
  /** Side in pixels of the layer that each style feeds, ascending; one for each style. */
  readonly styleResolutions: readonly number[];
  readonly styleGroups: StyleGroups;
  /** What the pictures show: `face`, or any other word, for which no face is looked for. */
  readonly domain: string;
  readonly precision: StoredPrecision;
  /** Paths relative to the package's folder, with '/'; `../shared/…` where packages share a graph. */
  readonly graphs: Readonly<Record<GraphRole, string>> & {
    /** Latents, target and weights → loss terms, gradient and a small picture. */
    readonly fit?: string;
  };
  /** Path of the named vectors in W+; `null` without. */
  readonly directions: string | null;
  /** SHA-256 of each file that the package names. */
  readonly checksums: Readonly<Record<GraphRole, string> & Partial<Record<FileRole, string>>>;
}

/** Windows drops a dot at the end. */
const NAME = /^(?!shared$)[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?$/;

export const isPackageName = (name: string): boolean => NAME.test(name);

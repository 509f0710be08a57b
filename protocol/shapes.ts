import {
  boolean,
  finite,
  integer,
  list,
  matching,
  nullable,
  object,
  oneOf,
  text,
  variants,
  type Decoder,
  type Infer,
} from './decode';
import type { ErrorShape } from './errors';
import type { Face } from './face';
import type { Bounds, Point, Quad } from './geometry';
import {
  compositions,
  operationInputs,
  type OperationDeclaration,
  type ParameterDeclaration,
  type ParameterValue,
} from './operation';
import type { PatchSpace } from './patchSpace';

/** Documents reach 300,000 pixels (PSB); layers may lie outside them. */
const coordinate = integer(-1_000_000, 1_000_000);
const size = integer(1, 300_000);
const label = text(200);
const sentence = text(2000);

/** Chosen by the client at random, so that it can be named before the server has answered. */
export const jobId = matching(/^[A-Za-z0-9_-]{16,64}$/, '16 to 64 letters, digits, "-" or "_"');

/** The number that the chunks of an announced payload bear; counted up by their sender from 1. */
export const streamId = integer(1, 0xffffffff);

/** Announces a payload of which only the length is known. */
export const blob = object({ stream: streamId, bytes: integer(1, 0xffffffff) });
export type Blob = Infer<typeof blob>;

/** RGBA interleaved, sRGB, straight alpha, 0..255 or 0..65535 little-endian. */
export const pixels = object({ width: size, height: size, depth: oneOf(8, 16), stream: streamId });
export type PixelsHeader = Infer<typeof pixels>;

/** One channel of 0..255, of the same size as the pixels beside it. */
export const mask = object({ stream: streamId });

export const pixelsBytes = (header: Pick<PixelsHeader, 'width' | 'height' | 'depth'>): number =>
  header.width * header.height * 4 * (header.depth / 8);

export const bounds: Decoder<Bounds> = object({
  left: coordinate,
  top: coordinate,
  right: coordinate,
  bottom: coordinate,
});

/** What a patch's bounds are counted in. */
export const patchSpace: Decoder<PatchSpace> = variants('kind', {
  document: {},
  enlarged: { factor: oneOf(2, 4, 8) },
  crop: {},
});

const point: Decoder<Point> = object({ x: finite, y: finite });

const quad: Decoder<Quad> = (value, path) => {
  const points = object({ 0: point, 1: point, 2: point, 3: point })(
    Array.isArray(value) && value.length === 4 ? { ...value } : value,
    path,
  );
  return [points[0], points[1], points[2], points[3]];
};

export const face: Decoder<Face> = object({
  quad,
  bounds,
  landmarks: object({ leftEye: point, rightEye: point, leftMouth: point, rightMouth: point }),
  contour: list(point, 128),
  score: finite,
  yaw: finite,
  refusal: nullable(oneOf('too-small', 'turned-away')),
});

export const operationId = matching(
  /^[a-z][a-z0-9-]{0,63}$/,
  'an operation\'s name: small letters, digits and "-"',
);

export const parameterValue: Decoder<ParameterValue> = (value, path) => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return finite(value, path);
  if (Array.isArray(value)) return list(text(64), 64)(value, path);
  return text(64)(value, path);
};

const named = { name: label, label, hint: sentence };
const choices = list(object({ value: text(64), label }), 64);

const parameter: Decoder<ParameterDeclaration> = variants('kind', {
  number: { ...named, default: finite, min: finite, max: finite, step: finite },
  seed: { ...named, default: finite, min: oneOf(0), max: oneOf(4294967295) },
  choice: { ...named, default: text(64), choices },
  set: { ...named, default: list(text(64), 64), choices },
  switch: { ...named, default: boolean },
});

export const operation: Decoder<OperationDeclaration> = object({
  id: operationId,
  label,
  summary: sentence,
  input: oneOf(...operationInputs),
  composition: oneOf(...compositions),
  mask: oneOf('none', 'required'),
  variants: boolean,
  parameters: list(parameter, 64),
  modelHint: sentence,
});

/** A model's name, never a path: it is refused unless it could be a plain folder's name. */
export const modelName = matching(
  /^[a-z0-9][a-z0-9-]{0,63}$/,
  'a name of at most 64 small letters, digits and "-"',
);

export const installedModel = object({
  name: label,
  operations: list(operationId, 16),
  resolution: integer(1, 65536),
  nStyles: integer(1, 1024),
  domain: label,
  licence: sentence,
  attribution: sentence,
  /** Shipped with the product: cannot be removed. */
  embedded: boolean,
});
export type InstalledModel = Infer<typeof installedModel>;

/** What runs the networks, and why it is not something faster. */
export const providerReport = object({
  provider: label,
  device: label,
  passedOver: list(sentence, 32),
});
export type ProviderReport = Infer<typeof providerReport>;

export const errorShape: Decoder<ErrorShape> = object({
  code: oneOf(
    'BAD_INPUT',
    'BAD_CHECKPOINT',
    'NO_FACE',
    'FACE_TOO_SMALL',
    'FACE_TURNED_AWAY',
    'MODEL_MISSING',
    'TOO_LARGE',
    'BAD_MESSAGE',
    'WRONG_VERSION',
    'NOT_PAIRED',
    'NOT_FOUND',
    'BUSY',
    'CANCELLED',
    'CONNECTION_LOST',
    'INFERENCE_FAILED',
    'OUT_OF_MEMORY',
    'OUTPUT_FAILED',
    'DOCUMENT_CHANGED',
    'INTERNAL',
  ),
  message: sentence,
  retryable: boolean,
});

import {
  integer,
  list,
  matching,
  nullable,
  object,
  oneOf,
  record,
  text,
  variants,
  finite,
  type Infer,
} from './decode';
import * as shape from './shapes';

const nothing = object({});
const count = integer(0, Number.MAX_SAFE_INTEGER);

export const stage = oneOf('align', 'encode', 'decode', 'paste');

const limits = object({
  previewPixels: count,
  regionPixels: count,
  regionsPerJob: count,
  jobBytes: count,
  jobsPerClient: count,
  queuedBytes: count,
  resultBytes: count,
  resultMs: count,
  checkpointBytes: count,
  connections: count,
});

const program = object({ name: text(100), version: text(40) });

const region = object({
  bounds: shape.bounds,
  pixels: shape.pixels,
  face: nullable(shape.face),
  faceNumber: nullable(integer(1, 10_000)),
  hole: nullable(shape.mask),
  /** W+ codes to start from instead of encoding the face: a .npy file as `latents` gave it. */
  latents: nullable(shape.blob),
});
export type RegionMessage = Infer<typeof region>;

const patch = object({
  name: text(400),
  space: shape.patchSpace,
  bounds: shape.bounds,
  pixels: shape.pixels,
  mask: shape.mask,
  faceNumber: nullable(integer(1, 10_000)),
  variant: integer(1, 10_000),
  seed: nullable(integer(0, 4294967295)),
  model: text(200),
  identity: nullable(finite),
});
export type PatchMessage = Infer<typeof patch>;

/**
 * Every request, declared once: its name, what it carries and what is answered. Types, decoders
 * and the tables of handlers and client calls derive from here.
 */
export const methods = {
  /** The first request of every connection; until it is answered nothing else is. */
  hello: {
    params: object({
      protocol: integer(1, 1_000_000),
      client: program,
      /** Random, kept while the host runs: a connection with the same one takes its jobs over. */
      instance: shape.jobId,
      proof: variants('kind', {
        token: { token: text(200) },
        code: { code: text(64) },
      }),
    }),
    result: object({
      protocol: integer(1, 1_000_000),
      server: program,
      limits,
      /** To be kept and shown next time; `null` when it was shown this time. */
      token: nullable(text(200)),
    }),
  },
  capabilities: {
    params: nothing,
    result: object({
      operations: list(shape.operation, 64),
      models: list(shape.installedModel, 256),
      provider: shape.providerReport,
    }),
  },
  'find-faces': {
    params: object({
      preview: shape.pixels,
      /** Document pixels per preview pixel: `too-small` counts in the document's. */
      documentScale: finite,
    }),
    result: object({ faces: list(shape.face, 1024) }),
  },
  run: {
    params: object({
      job: shape.jobId,
      operation: shape.operationId,
      model: nullable(text(200)),
      parameters: record(shape.parameterValue, 64),
      priority: oneOf('interactive', 'batch'),
      regions: list(region, 1024),
    }),
    /** Answered once every payload has arrived and the job stands in the queue. */
    result: object({ job: shape.jobId }),
  },
  cancel: { params: object({ job: shape.jobId }), result: nothing },
  /** Where a job stands: what a client asks after a lost connection. */
  status: {
    params: object({ job: shape.jobId }),
    result: variants('state', {
      waiting: { place: count },
      running: {},
      finished: {},
      failed: { error: shape.errorShape },
    }),
  },
  /** The finished layers; their payloads follow the answer. May be asked again until `forget`. */
  fetch: {
    params: object({ job: shape.jobId }),
    result: object({
      patches: list(patch, 1024),
      timings: list(object({ stage, milliseconds: finite }), 64),
      /** From the start of its work to its end, without the wait. */
      workMs: finite,
    }),
  },
  /** The W+ codes behind one patch of a finished job, as a .npy file of [n_styles, D] float32. */
  latents: {
    params: object({ job: shape.jobId, patch: integer(0, 1023) }),
    result: object({ latents: shape.blob }),
  },
  /** Gives a finished result's memory back before its time. */
  forget: { params: object({ job: shape.jobId }), result: nothing },
  /** Converts a pSp checkpoint whose bytes follow into a model package in the user's folder. */
  'import-model': {
    params: object({ name: shape.modelName, checkpoint: shape.blob }),
    result: object({ model: shape.installedModel }),
  },
  'remove-model': { params: object({ name: shape.modelName }), result: nothing },
  /** A short code by which a host that cannot read the token file proves itself once. */
  'pairing-code': {
    params: nothing,
    result: object({ code: matching(/^\d{6}$/, 'six digits'), expiresInMs: count }),
  },
} as const;

export type Method = keyof typeof methods;
export type Params<M extends Method> = Infer<(typeof methods)[M]['params']>;
export type Result<M extends Method> = Infer<(typeof methods)[M]['result']>;

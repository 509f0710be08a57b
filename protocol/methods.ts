import {
  boolean,
  finite,
  integer,
  list,
  listOfKnown,
  matching,
  nullable,
  object,
  oneOf,
  optional,
  record,
  text,
  unsaid,
  variants,
  type Infer,
} from './decode';
import { errorShape } from './errorShape';
import { face } from './face';
import { faceParts } from './facePart';
import { quad } from './geometry';
import { jobId, jobMessage, patch, timing } from './job';
import { limits } from './limits';
import { installedModel, modelName, providerReport } from './model';
import { operation } from './operation';
import { parameterValue } from './parameter';
import { blob, mask, pixels } from './payload';
import { previewMessage } from './preview';

const nothing = object({});
/** 32 bytes in hexadecimal. */
const proof = matching(/^[0-9a-f]{64}$/, '64 hexadecimal digits');
const count = integer(0, Number.MAX_SAFE_INTEGER);
const program = object({ name: text(100), version: text(40) });

/**
 * Every request, declared once: its name, what it carries and what is answered. Types, decoders
 * and the tables of handlers and client calls derive from here.
 */
export const methods = {
  /** The first request of every connection: each side shows the other a question. */
  hello: {
    params: object({
      protocol: integer(1, 1_000_000),
      client: program,
      /** Random, kept while the host runs: a connection with the same one takes its jobs over. */
      instance: jobId,
      /** Random, new for every connection. */
      nonce: jobId,
      /** What both know: the token of the user's folder, a code that was typed, or the page's own. */
      by: oneOf('token', 'code', 'page'),
    }),
    result: object({
      protocol: integer(1, 1_000_000),
      server: program,
      nonce: jobId,
      /** `proofOf(secret, 'server', …)`: the client says no more to who cannot give it. */
      proof,
    }),
  },
  /** The second request; until it is answered nothing else is. */
  prove: {
    params: object({
      /** `proofOf(secret, 'client', …)`. */
      proof,
      /** Whether this side reads and would send opaque pixels without their alpha, and masks as runs. */
      compact: unsaid(boolean),
      /** Whether this side reads a layer's pixels without those that its mask hides. */
      sparse: unsaid(boolean),
    }),
    result: object({
      limits,
      /** After a code the token, sealed: to be kept and used from then on. */
      token: nullable(proof),
      /** Said to who asked: from now on both sides may. */
      compact: unsaid(boolean),
    }),
  },
  capabilities: {
    params: nothing,
    result: object({
      operations: listOfKnown(operation, 256),
      /** Best first: what is used where a job names none is the first that serves its operation. */
      models: listOfKnown(installedModel, 1024),
      provider: providerReport,
    }),
  },
  'find-faces': {
    params: object({
      /** By which `cancel` can name the search. */
      job: optional(jobId),
      preview: pixels,
      /** Document pixels per preview pixel: `too-small` counts in the document's. */
      documentScale: finite,
    }),
    result: object({ faces: list(face, 1024) }),
  },
  /** Where a part of a face is, at the picture's own resolution: a mask of its size follows the answer. */
  'select-part': {
    params: object({
      /** By which `cancel` can name it. */
      job: optional(jobId),
      pixels,
      /** Of the face, in the pixels' own. */
      quad,
      part: oneOf(...faceParts),
    }),
    result: object({ mask }),
  },
  run: {
    params: jobMessage,
    /** Answered once every payload has arrived and the job stands in the queue. */
    result: object({ job: jobId }),
  },
  cancel: { params: object({ job: jobId }), result: nothing },
  /** Where a job stands: what a client asks after a lost connection. */
  status: {
    params: object({ job: jobId }),
    result: variants('state', {
      waiting: { place: count },
      running: {},
      finished: {},
      failed: { error: errorShape },
    }),
  },
  /** How a running job's codes look that are being fitted: the aligned face, 256². */
  glimpse: {
    params: object({ job: jobId }),
    /** `null` before the first, and after the end. */
    result: object({ pixels: nullable(pixels) }),
  },
  /** The finished layers; their payloads follow the answer. May be asked again until `forget`. */
  fetch: {
    params: object({ job: jobId }),
    result: object({
      patches: list(patch, 1024),
      timings: list(timing, 64),
      /** From the start of its work to its end, without the wait. */
      workMs: finite,
    }),
  },
  /** W+ codes of one patch of a finished job, as a .npy file of [n_styles, D] float32. */
  latents: {
    params: object({
      job: jobId,
      patch: integer(0, 1023),
      /** `patch`: what it was decoded from. `source`: as they were before the operation edited them. */
      of: oneOf('patch', 'source'),
    }),
    result: object({ latents: blob }),
  },
  /** How codes look under an operation that edits them: a small picture, soon. */
  preview: {
    params: previewMessage,
    result: object({
      pixels,
      /** Likeness to the photograph, or else to the same codes unedited, 0..1. */
      identity: finite,
    }),
  },
  /**
   * A patch of an earlier result with another area, feather, colour match, grain or share of the
   * photograph: placed anew without a network, its payloads follow the answer.
   */
  place: {
    params: object({ placing: text(64), parameters: record(parameterValue, 64) }),
    result: object({ patch }),
  },
  /**
   * A picture file whose bytes follow, in its own numbers and with all that it says of itself: for hosts
   * that know no profiles, and not every format.
   */
  'open-picture': {
    params: object({ name: text(255), file: blob }),
    result: object({
      /** RGB in `profile`, upright. */
      pixels,
      /** sRGB's own where the file names none. */
      profile: blob,
      pixelsPerInch: nullable(finite),
      exif: nullable(blob),
      iptc: nullable(blob),
      xmp: nullable(blob),
      copyrighted: boolean,
    }),
  },
  /** Pixels between sRGB and an RGB profile, both of which follow; in strips, as large as is convenient. */
  'convert-pixels': {
    params: object({ pixels, profile: blob, to: oneOf('srgb', 'profile') }),
    result: object({ pixels }),
  },
  /** Gives a finished result's memory back before its time. */
  forget: { params: object({ job: jobId }), result: nothing },
  /** Converts a pSp checkpoint whose bytes follow into a model package in the user's folder. */
  'import-model': {
    params: object({
      name: modelName,
      /** What the user calls the file; it may tell what the model is for. */
      fileName: optional(text(255)),
      checkpoint: blob,
    }),
    result: object({ model: installedModel }),
  },
  /** The same of a file on the bridge's own machine, for hosts that may not hold as much. */
  'import-file': {
    params: object({ name: modelName, path: text(4096) }),
    result: object({ model: installedModel }),
  },
  /** Ends an import, whether its bytes still travel or are being converted. */
  'cancel-import': { params: object({ name: modelName }), result: nothing },
  'remove-model': { params: object({ name: modelName }), result: nothing },
  /** Puts the plug-in of another editor on the bridge's machine into that editor's own folders. */
  'install-plug-in': {
    params: object({ editor: oneOf('gimp', 'krita') }),
    /** Where it lies now, and what the user does next. */
    result: object({ folders: list(text(4096), 64), next: text(1000) }),
  },
  /** A code to type, by which a host that cannot read the token file is paired once. */
  'pairing-code': {
    params: nothing,
    result: object({ code: text(20), expiresInMs: count }),
  },
} as const;

export type Method = keyof typeof methods;
export type Params<M extends Method> = Infer<(typeof methods)[M]['params']>;
export type Result<M extends Method> = Infer<(typeof methods)[M]['result']>;

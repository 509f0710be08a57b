import { integer, object, type Infer } from './decode';

/** The protocol's number: raised when an older peer could not follow. Additions do not raise it. */
export const protocolVersion = 2;

export const defaultPort = 9477;

/** No frame, text or binary, is longer: the largest message UXP sends is undocumented. */
export const maxFrameBytes = 1024 * 1024;

/** Seconds of silence that a conversation survives are stated in docs/protocol.md. */
export const timeouts = {
  /** From the socket's opening to a `hello`. */
  helloMs: 10_000,
  /** Between two chunks of a payload that was announced. */
  payloadMs: 30_000,
  /** Between a ping and its pong, and for a peer that does not read what it asked for. */
  silenceMs: 60_000,
} as const;

const count = integer(0, Number.MAX_SAFE_INTEGER);

/** Checked against what a message announces, before anything is allocated for it. */
export const limits = object({
  /** A preview for `find-faces`, in pixels. */
  previewPixels: count,
  /** One region of a job, in pixels. */
  regionPixels: count,
  regionsPerJob: count,
  /** All payloads of one job. */
  jobBytes: count,
  /** Jobs of one client that wait or run. */
  jobsPerClient: count,
  /** Payloads of all jobs that wait or run. */
  queuedBytes: count,
  /** Finished results that are kept for their clients. */
  resultBytes: count,
  /** How long a finished result is kept. */
  resultMs: count,
  checkpointBytes: count,
  connections: count,
});
export type Limits = Infer<typeof limits>;

export const defaultLimits: Limits = {
  previewPixels: 2048 * 2048,
  regionPixels: 64 * 1024 * 1024,
  regionsPerJob: 64,
  jobBytes: 640 * 1024 * 1024,
  jobsPerClient: 64,
  queuedBytes: 1024 * 1024 * 1024,
  resultBytes: 512 * 1024 * 1024,
  resultMs: 15 * 60 * 1000,
  checkpointBytes: 3 * 1024 * 1024 * 1024,
  connections: 64,
};

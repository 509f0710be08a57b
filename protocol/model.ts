import { boolean, integer, list, matching, nullable, optional, object, type Infer } from './decode';
import { operationId } from './operation';
import { label, sentence } from './texts';

/**
 * A model's name, never a path: it is refused unless it could be a plain folder's name anywhere. The
 * same as `isPackageName` of models/convert.
 */
export const modelName = matching(
  /^(?!shared$)[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?$/,
  'a name of at most 64 small letters, digits, ".", "_" and "-"',
);

/** An installed model as the hosts see it. */
export const installedModel = object({
  name: label,
  /** Ids of those it serves. */
  operations: list(operationId, 64),
  /** The side of what it draws, in pixels. */
  resolution: integer(1, 65536),
  nStyles: integer(1, 1024),
  domain: label,
  licence: sentence,
  attribution: sentence,
  /** What it is meant for, where licence and credit do not say all. */
  terms: nullable(sentence),
  /** How good it was seen to be, in figures; `null` where nobody measured. */
  measured: optional(sentence),
  /** Shipped with the product: cannot be removed. */
  embedded: boolean,
  /** Whether its codes can be fitted to a photograph; `null` where the server does not say. */
  fits: optional(boolean),
});
export type InstalledModel = Infer<typeof installedModel>;

/** What runs the networks, and why it is not something faster. */
export const providerReport = object({
  /** ONNX Runtime's name: cpu, webgpu, cuda, dml, coreml … */
  provider: label,
  /** For people: "CPU, 2 threads", "GPU by WebGPU". */
  device: label,
  /** One sentence for every faster provider that was tried and why it was passed over. */
  passedOver: list(sentence, 32),
});
export type ProviderReport = Infer<typeof providerReport>;

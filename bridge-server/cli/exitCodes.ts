import type { ErrorCode } from '../../protocol/errors';

/** What a script can tell failures apart by; listed in the guide. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  badInput: 2,
  noUsableFace: 3,
  model: 4,
  inference: 5,
  output: 6,
  bridge: 7,
  cancelled: 130,
} as const;

const byCode: Readonly<Record<ErrorCode, number>> = {
  BAD_INPUT: exitCodes.badInput,
  TOO_LARGE: exitCodes.badInput,
  NOT_FOUND: exitCodes.badInput,
  DOCUMENT_CHANGED: exitCodes.badInput,
  NO_FACE: exitCodes.noUsableFace,
  FACE_TOO_SMALL: exitCodes.noUsableFace,
  FACE_TURNED_AWAY: exitCodes.noUsableFace,
  BAD_CHECKPOINT: exitCodes.model,
  MODEL_MISSING: exitCodes.model,
  INFERENCE_FAILED: exitCodes.inference,
  OUT_OF_MEMORY: exitCodes.inference,
  OUTPUT_FAILED: exitCodes.output,
  BAD_MESSAGE: exitCodes.bridge,
  WRONG_VERSION: exitCodes.bridge,
  NOT_PAIRED: exitCodes.bridge,
  BUSY: exitCodes.bridge,
  CONNECTION_LOST: exitCodes.bridge,
  CANCELLED: exitCodes.cancelled,
  INTERNAL: exitCodes.internal,
};

export const exitCodeOf = (code: ErrorCode): number => byCode[code];

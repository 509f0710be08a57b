import { PspError } from '../../../protocol/errors';
import type { Tensor, Tensors } from '../engine';

/*
 * The Open Inference Protocol (KServe v2) over HTTP with its binary tensor extension: a JSON header,
 * then raw little-endian values, the header's length in bytes told beside the message.
 */

export const headerLengthField = 'inference-header-content-length';

export interface InferRequest {
  /** Bytes of the JSON at the front. */
  readonly headerLength: number;
  readonly byteLength: number;
  /** To be sent one after another; the tensors are not copied. */
  readonly parts: readonly Uint8Array[];
}

/** @param id echoed in the answer; some servers refuse a request without one */
export function encodeRequest(id: string, inputs: Tensors): InferRequest {
  const tensors = Object.entries(inputs);
  const header = Buffer.from(
    JSON.stringify({
      id,
      inputs: tensors.map(([name, { data, shape }]) => ({
        name,
        shape,
        datatype: 'FP32',
        parameters: { binary_data_size: data.byteLength },
      })),
      parameters: { binary_data_output: true },
    }),
  );
  const parts = [header, ...tensors.map(([, { data }]) => bytesOf(data))];
  const byteLength = parts.reduce((sum, part) => sum + part.byteLength, 0);
  return { headerLength: header.byteLength, byteLength, parts };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Room for an answer in which the first tensor's values are aligned for a Float32Array, so that it is
 * never copied again.
 * @param headerLength `null` where the whole answer is JSON
 */
export function roomFor(byteLength: number, headerLength: number | null): Uint8Array {
  const pad = headerLength === null ? 0 : (4 - (headerLength % 4)) % 4;
  return new Uint8Array(new ArrayBuffer(byteLength + pad), pad);
}

interface OutputHeader {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  readonly parameters?: { readonly binary_data_size?: number };
  /** Values as JSON: what a server sends that knows no binary answers. */
  readonly data?: readonly number[];
}

/**
 * @param body as `roomFor` gave it; the tensors are views of it
 * @throws PspError INFERENCE_FAILED when the answer is not what the protocol says
 */
export function decodeResponse(body: Uint8Array, headerLength: number | null): Tensors {
  const header = readHeader(body.subarray(0, headerLength ?? body.byteLength));
  let at = headerLength ?? body.byteLength;
  const tensors: Record<string, Tensor> = {};
  for (const output of header) {
    if (output.datatype !== 'FP32') {
      throw broken(`"${output.name}" is of type ${output.datatype}; FP32 was asked for`);
    }
    const size = output.parameters?.binary_data_size;
    const length = output.shape.reduce((product, side) => product * side, 1);
    const data =
      size === undefined ? Float32Array.from(output.data ?? []) : floatsAt(body, at, size);
    at += size ?? 0;
    if (data.length !== length) {
      throw broken(
        `"${output.name}" holds ${data.length} values, its shape ${output.shape.join(' × ')} has ${length}`,
      );
    }
    tensors[output.name] = { data, shape: output.shape };
  }
  return tensors;
}

function floatsAt(body: Uint8Array, at: number, size: number): Float32Array {
  if (size % 4 !== 0 || at + size > body.byteLength) {
    throw broken(`a tensor of ${size} bytes does not fit into ${body.byteLength}`);
  }
  const offset = body.byteOffset + at;
  // Aligned for the first tensor; a further one may not be, when the one before it is no FP32.
  return offset % 4 === 0
    ? new Float32Array(body.buffer, offset, size / 4)
    : new Float32Array(body.slice(at, at + size).buffer);
}

function readHeader(bytes: Uint8Array): readonly OutputHeader[] {
  const parsed = parse(bytes);
  const outputs = isRecord(parsed) ? parsed['outputs'] : undefined;
  if (!Array.isArray(outputs) || !outputs.every(isOutput)) throw broken('it names no outputs');
  return outputs;
}

function isOutput(value: unknown): value is OutputHeader {
  return (
    isRecord(value) &&
    typeof value['name'] === 'string' &&
    typeof value['datatype'] === 'string' &&
    Array.isArray(value['shape']) &&
    value['shape'].every((side) => Number.isInteger(side))
  );
}

/** What a refusal says: `{"error": …}`, `{"detail": …}`, or what a proxy put in its place. */
export function reasonOf(body: Uint8Array): string {
  const parsed = parse(body);
  const said = isRecord(parsed) ? (parsed['error'] ?? parsed['detail']) : undefined;
  const text = typeof said === 'string' ? said : Buffer.from(body).toString('utf8');
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const broken = (what: string): PspError =>
  new PspError('INFERENCE_FAILED', `The inference server's answer cannot be used: ${what}.`);

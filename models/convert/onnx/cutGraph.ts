import { Reader, Writer } from 'protobufjs';

/*
 * Fields of onnx.proto3, read and written as bytes, so that whatever else a file holds stays as it is.
 * Wire type 2: a length, then as many bytes.
 */
const modelGraph = 7;
const graphFields = { node: 1, initializer: 5, input: 11, output: 12 } as const;
const nodeFields = { input: 1, output: 2 } as const;
const names = { valueInfo: 1, tensor: 8 } as const;

interface Field {
  readonly number: number;
  /** With its tag and length. */
  readonly whole: Uint8Array;
  /** Of wire type 2: what the length counts. */
  readonly body: Uint8Array;
}

/**
 * The part of an ONNX model that some of its outputs need: other outputs, the inputs, nodes and
 * weights that only they use, are gone. Outer names used inside of subgraphs are not looked for.
 */
export function cutGraph(model: Uint8Array, outputs: readonly string[]): Uint8Array {
  const wanted = new Set(outputs);
  return rebuilt(fieldsOf(model), (field) =>
    field.number === modelGraph ? frame(modelGraph, cut(field.body, wanted)) : field.whole,
  );
}

function cut(graph: Uint8Array, wanted: ReadonlySet<string>): Uint8Array {
  const fields = fieldsOf(graph);
  const needed = new Set(wanted);
  const nodes = new Set<Field>();
  // Nodes come in execution order: one pass from the end sees every use before its source.
  for (const field of [...fields].reverse()) {
    if (field.number !== graphFields.node) continue;
    if (!textsOf(field.body, nodeFields.output).some((name) => needed.has(name))) continue;
    nodes.add(field);
    textsOf(field.body, nodeFields.input).forEach((name) => needed.add(name));
  }
  const isNeeded = ({ body }: Field, number: number): boolean =>
    textsOf(body, number).some((name) => needed.has(name));
  const stays = (field: Field): boolean => {
    switch (field.number) {
      case graphFields.node:
        return nodes.has(field);
      case graphFields.initializer:
        return isNeeded(field, names.tensor);
      case graphFields.input:
        return isNeeded(field, names.valueInfo);
      case graphFields.output:
        return textsOf(field.body, names.valueInfo).some((name) => wanted.has(name));
      default:
        return true;
    }
  };
  return rebuilt(fields.filter(stays), ({ whole }) => whole);
}

function fieldsOf(message: Uint8Array): readonly Field[] {
  const reader = Reader.create(message);
  const fields: Field[] = [];
  while (reader.pos < message.length) {
    const start = reader.pos;
    const tag = reader.uint32();
    const bodyAt = reader.pos;
    reader.skipType(tag & 7);
    const whole = message.subarray(start, reader.pos);
    let body = message.subarray(bodyAt, reader.pos);
    if ((tag & 7) === 2) {
      const inner = Reader.create(body);
      body = body.subarray(body.length - inner.uint32());
    }
    fields.push({ number: tag >>> 3, whole, body });
  }
  return fields;
}

const textsOf = (message: Uint8Array, number: number): string[] =>
  fieldsOf(message)
    .filter((field) => field.number === number)
    .map(({ body }) => Array.from(body, (byte) => String.fromCharCode(byte)).join(''));

function frame(number: number, body: Uint8Array): Uint8Array {
  const head = Writer.create()
    .uint32((number << 3) | 2)
    .uint32(body.length)
    .finish();
  return joined([head, body]);
}

const rebuilt = (fields: readonly Field[], bytesOf: (field: Field) => Uint8Array): Uint8Array =>
  joined(fields.map(bytesOf));

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

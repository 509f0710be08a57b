import { integer, object, text } from './decode';
import { PspError, type ErrorShape } from './errors';
import { errorShape } from './errorShape';
import { events, type EventName, type ServerEvent } from './events';
import { methods, type Method } from './methods';

/*
 * Text frames are JSON objects of three kinds:
 *   request   { "id": 7, "method": "cancel", "params": { … } }     client → server
 *   answer    { "id": 7, "result": { … } } or { "id": 7, "error": { code, message, retryable } }
 *   event     { "event": "progress", "params": { … } }             server → client
 */
export interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

export type Answer =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorShape };

export type ServerMessage = Answer | { readonly kind: 'event'; readonly event: ServerEvent };

const requestId = integer(1, Number.MAX_SAFE_INTEGER);
const anything = (value: unknown): unknown => value;
const request = object({ id: requestId, method: text(64), params: anything });
const result = object({ id: requestId, result: anything });
const answered = object({ id: requestId });
const failure = object({ id: requestId, error: errorShape });
const event = object({ event: text(64), params: anything });

/** @throws PspError BAD_MESSAGE when the frame cannot even be answered: the connection is done with. */
export function decodeRequest(frame: string): Request {
  return request(parse(frame), 'request');
}

/**
 * The name of a method of ours.
 * @throws PspError BAD_MESSAGE
 */
export function decodeMethod(name: string): Method {
  if (Object.hasOwn(methods, name)) return name as Method;
  throw new PspError('BAD_MESSAGE', `There is no request "${name.slice(0, 40)}".`);
}

/** `null` for an event of a newer server that this client does not know: skip it. */
export function decodeServerMessage(frame: string): ServerMessage | null {
  const message = parse(frame);
  if (typeof message === 'object' && message !== null) {
    if ('event' in message) return decodeEvent(message);
    if ('error' in message) return decodeFailure(message);
  }
  return { kind: 'result', ...result(message, 'answer') };
}

/** Also where the event is known and its parameters are not: what it tells cannot be used. */
function decodeEvent(message: object): ServerMessage | null {
  const { event: name, params } = event(message, 'event');
  if (!Object.hasOwn(events, name)) return null;
  try {
    const decoded = { event: name, params: events[name as EventName](params, name) } as ServerEvent;
    return { kind: 'event', event: decoded };
  } catch {
    return null;
  }
}

/** A failure is one, however strangely it is described. */
function decodeFailure(message: object): ServerMessage {
  try {
    return { kind: 'error', ...failure(message, 'answer') };
  } catch {
    const { id } = answered(message, 'answer');
    const text =
      'The bridge server refused this in a way that is not understood here. Update pSp Layers.';
    return { kind: 'error', id, error: { code: 'INTERNAL', message: text, retryable: false } };
  }
}

function parse(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch (cause) {
    throw new PspError('BAD_MESSAGE', 'A text frame must hold one JSON object.', { cause });
  }
}

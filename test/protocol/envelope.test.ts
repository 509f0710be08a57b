import fc from 'fast-check';
import { isPspError } from '../../protocol/errors';
import { decodeMethod, decodeRequest, decodeServerMessage } from '../../protocol/envelope';
import { methods, type Method } from '../../protocol/methods';

const job = 'abcdefghijklmnop';
const pixels = { width: 4, height: 2, depth: 16, stream: 1 };
const region = {
  bounds: { left: -3, top: 0, right: 1, bottom: 2 },
  pixels,
  face: null,
  faceNumber: null,
  hole: { stream: 2 },
  latents: null,
};
const run = {
  job,
  operation: 'inpaint',
  model: null,
  parameters: { seed: 7, styles: ['fine'] },
  priority: 'interactive',
  regions: [region],
};

function refusal(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (isPspError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

test('a request is decoded, and what is not declared is dropped', () => {
  const frame = JSON.stringify({ id: 3, method: 'run', params: { ...run, colour: 'red' } });
  const request = decodeRequest(frame);
  expect(methods[decodeMethod(request.method)].params(request.params, 'run')).toEqual(run);
});

test.each<[string, Method, unknown, string]>([
  [
    'a path as a model name',
    'remove-model',
    { name: '../etc' },
    'name of at most 64 small letters',
  ],
  ['a short job id', 'cancel', { job: 'x' }, 'cancel.job must be 16 to 64 letters'],
  ['a depth of 32', 'find-faces', { preview: { ...pixels, depth: 32 } }, 'one of 8, 16, not 32'],
  ['half a pixel', 'find-faces', { preview: { ...pixels, width: 1.5 } }, 'preview.width must be'],
  ['a missing proof', 'hello', { protocol: 2 }, 'hello.client must be an object, not missing'],
  ['no name of an operation', 'run', { ...run, operation: 'Delete it' }, "an operation's name"],
  ['a region too few', 'run', { ...run, regions: {} }, 'a list of at most 1024, not an object'],
])('%s is refused by place and value', (_, method, params, message) => {
  const text = refusal(() => methods[method].params(params, method));
  expect(text).toContain('BAD_MESSAGE: ');
  expect(text).toContain(message);
});

test('an inherited name is no method', () => {
  expect(refusal(() => decodeMethod('constructor'))).toBe(
    'BAD_MESSAGE: There is no request "constructor".',
  );
});

test('answers and events are told apart; an unknown event is skipped', () => {
  expect(decodeServerMessage('{"id":1,"result":{"a":1}}')).toEqual({
    kind: 'result',
    id: 1,
    result: { a: 1 },
  });
  const error = { code: 'BUSY', message: 'Later.', retryable: true };
  expect(decodeServerMessage(JSON.stringify({ id: 2, error }))).toEqual({
    kind: 'error',
    id: 2,
    error,
  });
  expect(
    decodeServerMessage(JSON.stringify({ event: 'queued', params: { job, place: 2 } })),
  ).toEqual({
    kind: 'event',
    event: { event: 'queued', params: { job, place: 2, waitsFor: null } },
  });
  expect(decodeServerMessage('{"event":"sunrise","params":{}}')).toBeNull();
  expect(decodeServerMessage('{"event":"queued","params":{"job":7}}')).toBeNull();
});

test('whatever JSON comes, decoders answer with a value or BAD_MESSAGE', () => {
  const names = Object.keys(methods) as Method[];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 4 }), (name, value) =>
      /^(accepted|BAD_MESSAGE)/.test(refusal(() => methods[name].params(value, name))),
    ),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (frame) =>
      /^(accepted|BAD_MESSAGE)/.test(refusal(() => decodeRequest(frame))),
    ),
  );
});

test('a failure is one, whatever code or shape a newer server gives it', () => {
  const error = { code: 'OUT_OF_PAPER', message: 'No paper.', retryable: true };
  expect(decodeServerMessage(JSON.stringify({ id: 1, error }))).toEqual({
    kind: 'error',
    id: 1,
    error: { ...error, code: 'INTERNAL' },
  });
  expect(decodeServerMessage('{"id":1,"error":"no"}')).toMatchObject({
    kind: 'error',
    id: 1,
    error: { code: 'INTERNAL' },
  });
});

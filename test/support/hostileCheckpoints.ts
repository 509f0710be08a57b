import {
  PickledTensor,
  PickledTuple,
  writePickle,
  type Picklable,
} from '../checkpoints/pickleWriter';
import { layOutPsp } from '../checkpoints/pspLayout';
import { encodeOpts, makeCheckpoint, makeLegacy, makeZip, smallestSizes } from './checkpoints';

/** Files that no user has and somebody may send: each must be refused, in words and in bounded time. */
export async function hostileCheckpoints(): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const pickled = async (name: string, ...opcodes: readonly (Buffer | string | number[])[]) =>
    void files.set(name, await zipOf(Buffer.concat([proto, ...opcodes.map(bytesOf), stop])));

  // Python that wants to run.
  for (const callee of ['os\nsystem', 'builtins\neval', 'subprocess\nPopen', 'torch\nload']) {
    await pickled(`calls ${callee.replace('\n', '.')}`, `c${callee}\n`, text('true'), [0x85, 0x52]);
  }
  await pickled(
    'a name made on the stack',
    text('os'),
    text('system'),
    [0x93],
    text('x'),
    [0x85, 0x52],
  );

  // A few bytes that would become gigabytes or hours.
  await pickled('a name of nested lists', doubled(40), text('x'), [0x93]);
  await pickled('a device of nested lists', 'ctorch\ndevice\n', doubled(40), [0x85, 0x52]);
  await pickled('nested lists as version', doubled(40));
  await pickled('millions of dictionaries', Buffer.alloc(8_000_000, 0x7d));
  await pickled('millions of marks', Buffer.alloc(8_000_000, 0x28));
  await pickled('millions of tuples', Buffer.alloc(8_000_000, 0x29));
  await pickled(
    'one list, copied again and again',
    manyItems(200_000),
    repeated('ctorch\nSize\nh\x00\x85R0', 50_000),
  );
  await pickled(
    'one dictionary, copied again and again',
    manyPairs(50_000),
    repeated('}h\x00b0', 200_000),
  );
  await pickled('a shape of a million sizes', manyItems(400_000), tensorOf('h\x00', 'h\x00'));
  await pickled('a text of four gigabytes', [0x58, 0xff, 0xff, 0xff, 0xff]);
  await pickled('bytes of four gigabytes', [0x42, 0xff, 0xff, 0xff, 0xff]);
  await pickled('the memo filled', text('x'), repeated('r\x01\x02\x03\x04', 2_000_000));

  // Broken programs.
  await pickled('an empty stack');
  await pickled('a missing mark', 't');
  await pickled('an unknown opcode', [0xff]);
  await pickled('a memo that was never set', 'h\x07');
  await pickled('items of no dictionary', [0x4b, 1, 0x4b, 2, 0x73]);
  await pickled('a call of a number', [0x4b, 1, 0x29, 0x52]);
  files.set('protocol 0', await zipOf(Buffer.from('(lp0\n.')));
  files.set('no stop', await zipOf(Buffer.from([0x80, 2, 0x7d])));

  // Tensors that claim more than there is.
  const changed = async (name: string, tensor: PickledTensor, entries = 1) =>
    void files.set(name, await withTensor(tensor, entries));
  await changed('zero strides', new PickledTensor('FloatStorage', '0', 4096, [8192, 8192], [0, 0]));
  await changed(
    'a huge shape',
    new PickledTensor('FloatStorage', '0', 4096, [1_000_000, 1_000_000]),
  );
  await changed(
    'a huge storage, zero strides',
    new PickledTensor('FloatStorage', '0', 2 ** 26, [2 ** 26], [0]),
  );
  await changed(
    'an offset outside',
    new PickledTensor('FloatStorage', '0', 4096, [4], [1], 2 ** 30),
  );
  await changed(
    'a storage that is not there',
    new PickledTensor('FloatStorage', 'none', 4096, [4]),
  );
  await changed(
    'thousands of tensors of one storage',
    new PickledTensor('FloatStorage', '0', 4096, [4096]),
    19_000,
  );
  await changed('too many tensors', new PickledTensor('FloatStorage', '0', 4096, [1]), 20_001);
  await changed(
    'nine dimensions',
    new PickledTensor('FloatStorage', '0', 4096, [1, 1, 1, 1, 1, 1, 1, 1, 1]),
  );

  // Containers.
  const whole = await makeCheckpoint();
  files.set('cut in half', whole.subarray(0, whole.length / 2));
  files.set('without its directory', whole.subarray(0, whole.length - 22));
  files.set('empty', new Uint8Array(1));
  files.set('a web page', Buffer.from('<!doctype html><title>404</title>'));
  files.set('a pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0'));
  files.set('a program', await makeZip({ 'x/constants.pkl': stop, 'x/code/a.py': stop }));
  files.set('a zip of nothing', await makeZip({}));
  files.set('overlapping entries', overlapping(whole));
  files.set('a directory of four billion', withCount(whole));
  files.set(
    'numbers of the old format below zero',
    makeLegacy(writePickle(new Map()), [['0', -1, new Uint8Array(4)]]),
  );
  files.set(
    'a licence of a megabyte',
    await makeCheckpoint(smallestSizes, { ...encodeOpts, licence: 'x'.repeat(2 ** 20 - 1) }),
  );
  files.set(
    'a domain of 300 letters',
    await makeCheckpoint(smallestSizes, { ...encodeOpts, domain: 'x'.repeat(300) }),
  );
  return files;
}

const proto = Buffer.from([0x80, 2]);
const stop = Buffer.from('.');
const zipOf = (pickle: Uint8Array): Promise<Buffer> => makeZip({ 'x/data.pkl': pickle });

const bytesOf = (part: Buffer | string | number[]): Buffer =>
  typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part);

function text(value: string): Buffer {
  return Buffer.from([0x8c, value.length, ...Buffer.from(value)]);
}

const repeated = (opcodes: string, times: number): Buffer =>
  Buffer.from(opcodes.repeat(times), 'latin1');

/** A list that holds a list twice that holds a list twice …: 2ⁿ leaves when it is written out. */
function doubled(depth: number): Buffer {
  const parts = [Buffer.from('](K\x01eq\x00')];
  for (let i = 1; i <= depth; i++) {
    parts.push(Buffer.from([0x5d, 0x28, 0x68, i - 1, 0x68, i - 1, 0x65, 0x71, i]));
  }
  return Buffer.concat(parts);
}

/** A list of so many ones, remembered as 0. */
const manyItems = (count: number): Buffer =>
  Buffer.from(`](${'K\x01'.repeat(count)}eq\x00`, 'latin1');

/** A dictionary of so many entries, remembered as 0. */
function manyPairs(count: number): Buffer {
  const pair = (i: number): Buffer => {
    const bytes = Buffer.from([0x4a, 0, 0, 0, 0, 0x4e]);
    bytes.writeInt32LE(i, 1);
    return bytes;
  };
  const pairs = Array.from({ length: count }, (_, i) => pair(i));
  return Buffer.concat([Buffer.from('}('), ...pairs, Buffer.from('uq\x00')]);
}

/** `_rebuild_tensor_v2` with these opcodes for its shape and strides. */
const tensorOf = (shape: string, strides: string): Buffer =>
  Buffer.concat([
    Buffer.from('ctorch._utils\n_rebuild_tensor_v2\n('),
    Buffer.concat([Buffer.from('('), text('storage'), Buffer.from('ctorch\nFloatStorage\n')]),
    Buffer.concat([text('0'), text('cpu'), Buffer.from('K\x04tQK\x00')]),
    Buffer.from(`${shape}${strides}tR`, 'latin1'),
  ]);

/** A checkpoint of the right layout whose first tensors, or so many new ones, are this one. */
function withTensor(tensor: PickledTensor, entries: number): Promise<Buffer> {
  const names = layOutPsp(smallestSizes).map(({ name }) => name);
  const more = Array.from({ length: entries }, (_, i) => `more.${i}`);
  const state = [...names, ...more].map((name) => [name, tensor] as const);
  const root = new Map<string, Picklable>([
    ['state_dict', new Map<string, Picklable>(state)],
    ['opts', new Map<string, Picklable>(Object.entries(encodeOpts))],
    ['latent_avg', new PickledTuple([])],
  ]);
  return makeZip({ 'x/data.pkl': writePickle(root), 'x/data/0': new Uint8Array(4 * 4096) });
}

/** Every entry of the directory points at the first one's bytes. */
function overlapping(zip: Buffer): Buffer {
  const changed = Buffer.from(zip);
  for (
    let at = changed.indexOf('PK\x01\x02');
    at >= 0;
    at = changed.indexOf('PK\x01\x02', at + 4)
  ) {
    changed.writeUInt32LE(0, at + 42);
  }
  return changed;
}

function withCount(zip: Buffer): Buffer {
  const changed = Buffer.from(zip);
  const end = changed.lastIndexOf('PK\x05\x06');
  changed.writeUInt16LE(0xfffe, end + 10);
  return changed;
}

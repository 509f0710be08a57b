import { toPspError } from '../../../../protocol/errors';
import { shrink } from '../../../core/resample';
import { enlarge } from '../document/pixels';
import { openPsd } from '../files/openPsd';
import { openPicture } from '../files/openPicture';
import { savePsd } from '../files/savePsd';
import type { AnswerMessage, CallMessage, Calls } from './calls';
import { paint } from './paint';

/** The part of a worker's global scope that is used; the DOM's types describe a page. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<CallMessage>) => void) | null;
  postMessage(message: AnswerMessage, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;

const calls: Calls = {
  openPsd: ({ blob, name }) => openPsd(blob, name),
  openPicture: ({ blob, name }) => openPicture(blob, name),
  savePsd,
  shrink: async ({ pixels, maxSide }) => shrink(pixels, maxSide),
  enlarge: async ({ pixels, factor }) => enlarge(pixels, factor),
  paint,
};

async function answer({ id, name, input }: CallMessage): Promise<AnswerMessage> {
  try {
    const call = calls[name] as (input: unknown) => Promise<unknown>;
    return { id, ok: true, output: await call(input) };
  } catch (thrown) {
    return { id, ok: false, error: toPspError(thrown).toJSON() };
  }
}

scope.onmessage = async ({ data }) => {
  const message = await answer(data);
  scope.postMessage(message, message.ok ? transferable(message.output) : []);
};

/** Buffers and bitmaps move instead of being copied. */
function transferable(value: unknown, found = new Set<Transferable>()): Transferable[] {
  if (value instanceof ImageBitmap) found.add(value);
  else if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  else if (typeof value === 'object' && value !== null && !(value instanceof Blob)) {
    for (const part of Object.values(value)) transferable(part, found);
  }
  return [...found];
}

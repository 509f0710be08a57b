import { toPspError } from '../../protocol/errors';
import { pictures } from '../image/pictures';
import type { Processor } from '../processor/processor';
import type { Call, FromWorker, ToWorker } from './messages';

/**
 * The inference process's side: opens a processor and answers its parent's calls until the parent
 * lets go. Runs in a process made by `fork` with advanced serialization.
 */
export async function hostProcessor(open: () => Promise<Processor>): Promise<void> {
  const tell = (message: FromWorker): void => void process.send?.(message);
  const running = new Map<number, AbortController>();
  process.once('disconnect', () => process.exit());

  let processor: Processor;
  try {
    processor = await open();
  } catch (error) {
    process.send?.({ kind: 'unable', error: toPspError(error).toJSON() } satisfies FromWorker, () =>
      process.exit(1),
    );
    return;
  }

  async function answer(call: Call): Promise<void> {
    const { id } = call;
    const abort = new AbortController();
    running.set(id, abort);
    try {
      const value = await perform(processor, call, abort.signal, tell);
      tell({ kind: 'value', id, value });
    } catch (error) {
      tell({ kind: 'error', id, error: toPspError(error).toJSON() });
    } finally {
      running.delete(id);
    }
  }

  process.on('message', (message: ToWorker) => {
    if (message.kind === 'call') void answer(message);
    else running.get(message.id)?.abort();
  });
  tell({ kind: 'ready', report: processor.report });
}

function perform(
  processor: Processor,
  call: Call,
  signal: AbortSignal,
  tell: (message: FromWorker) => void,
): Promise<unknown> {
  switch (call.method) {
    case 'models':
      return processor.models();
    case 'warm':
      return processor.warm();
    case 'findFaces': {
      const { pixels, documentScale } = call.argument;
      return processor.findFaces(pixels, { documentScale, signal });
    }
    case 'findParts':
      return processor.findParts(call.argument.pixels, call.argument.quads, signal);
    case 'selectPart': {
      const { pixels, quad, part } = call.argument;
      return processor.selectPart(pixels, quad, part, signal);
    }
    case 'preview':
      return processor.preview(call.argument, signal);
    case 'place':
      return processor.place(call.argument.placing, call.argument.parameters);
    case 'openPicture': {
      const { name, file, maxPixels } = call.argument;
      return pictures.open(name, file, maxPixels);
    }
    case 'convertPixels': {
      const { pixels, profile, to } = call.argument;
      return pictures.convert(pixels, profile, to);
    }
    case 'run':
      return processor.run(call.argument, {
        signal,
        onProgress: (progress) => tell({ kind: 'progress', id: call.id, progress }),
        onGlimpse: (picture) => tell({ kind: 'glimpse', id: call.id, picture }),
        onPatch: (patch) => tell({ kind: 'patch', id: call.id, patch }),
      });
  }
}

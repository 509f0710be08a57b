import type { SocketLike } from '../../../core/bridge/runtime';
import type { Timers } from '../../../core/timers';
import type { SelfCheckReport } from '../../../panel';
import type { PhotoshopApi, PhotoshopDocument } from '../api';
import { activeDocument } from '../document/lookUp';
import { playbackEditor, type Editor } from '../document/editor';
import { createPhotoshopHost } from '../document/photoshopHost';
import { unlessRefused } from '../document/undoStep';
import type { UxpStorage } from '../platform';
import type { Bench } from './bench';
import { checks, type Check } from './checks';
import { reportOf, type Finding } from './report';

export interface SelfCheckParts {
  readonly editor: Editor;
  readonly storage: UxpStorage;
  readonly localStorage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly timers: Timers;
  /** Where the bridge is looked for. */
  readonly addresses: readonly string[];
  openSocket(url: string): SocketLike;
  /** Versions of plug-in, Photoshop and UXP, in a line. */
  readonly about: string;
}

/**
 * Tries everything that the plug-in relies on, in documents of its own, which are closed without saving
 * whatever happens. Nothing of the user's is read or changed, but for the document in front, which is
 * brought back.
 */
export async function selfCheck(parts: SelfCheckParts): Promise<SelfCheckReport> {
  const { api } = parts.editor;
  const findings: Finding[] = [];
  for (const address of parts.addresses) {
    const reach = async (): Promise<string> => reachBridge(parts, address);
    findings.push(await findingOf(`The bridge at ${address}`, parts.timers, reach));
  }
  const open = new Set(documentsOf(api).map(({ id }) => id));
  const front = activeDocument(api);
  const ours = (): readonly PhotoshopDocument[] =>
    documentsOf(api).filter(({ id }) => !open.has(id));
  const tidyUp = async (): Promise<void> => {
    for (const document of ours()) await unlessRefused(() => document.closeWithoutSaving());
    if (front && api.app.activeDocument?.id !== front.id) {
      await unlessRefused(() => (api.app.activeDocument = front));
    }
  };
  // One scope for all: nobody else opens or closes a document meanwhile.
  await parts.editor.enter('Check this Photoshop', async (context) => {
    const editor = playbackEditor(api, context);
    const host = createPhotoshopHost(editor, parts.storage.localFileSystem);
    const bench: Bench = { ...parts, api, context, editor, host };
    try {
      for (const [index, check] of (checks as readonly Check[]).entries()) {
        context.reportProgress({ value: index / checks.length, commandName: check.name });
        findings.push(await findingOf(check.name, parts.timers, () => check.run(bench)));
      }
    } finally {
      await tidyUp();
    }
  });
  // After Cancel nothing can be closed within the scope.
  if (ours().length > 0) await parts.editor.enter('Close scratch documents', tidyUp);
  return reportOf(parts.about, findings);
}

const documentsOf = (api: PhotoshopApi): readonly PhotoshopDocument[] =>
  Array.from(api.app.documents);

async function findingOf(
  name: string,
  timers: Timers,
  run: () => Promise<string>,
): Promise<Finding> {
  const start = timers.now();
  const said = (works: boolean, words: string): Finding => ({
    name,
    works,
    words,
    milliseconds: timers.now() - start,
  });
  try {
    return said(true, await run());
  } catch (error) {
    return said(false, error instanceof Error ? error.message : String(error));
  }
}

const patienceMs = 5000;

/** Whether anybody listens there; the plug-in's own connection is left alone. */
function reachBridge({ openSocket, timers }: SelfCheckParts, address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // The constructor throws where the manifest does not allow the address.
    const socket = openSocket(address);
    const end = (settle: () => void): void => {
      stop();
      socket.onopen = socket.onclose = socket.onerror = null;
      settle();
    };
    const stop = timers.after(patienceMs, () =>
      end(() => {
        socket.close();
        reject(new Error(`no answer within ${patienceMs / 1000} seconds`));
      }),
    );
    socket.onopen = () =>
      end(() => {
        socket.close();
        resolve('answers');
      });
    socket.onclose = () => end(() => reject(new Error('refused: nobody listens there')));
  });
}

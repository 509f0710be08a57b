import { PspError } from '../../../../protocol/errors';
import type { OperationDeclaration } from '../../../../protocol/operation';
import type { Bridge, Capabilities, ConnectionState } from '../../../core/bridge/bridge';
import type { JobState } from '../../../core/job';
import type { Observable } from '../../../core/observable';
import { runOrder, type RunHooks } from '../../../core/runOrder';
import type { Timers } from '../../../core/timers';
import type { ExecutionContext, PhotoshopApi } from '../api';
import { playbackEditor } from '../document/editor';
import { createPhotoshopHost } from '../document/photoshopHost';
import type { FolderPicker } from '../document/pictureFolder';
import { readyBridge } from './readyBridge';
import { decodeStep } from './recordedStep';

export interface PlaybackParts {
  readonly api: PhotoshopApi;
  readonly picker: FolderPicker;
  readonly bridge: Bridge;
  readonly connection: Observable<ConnectionState>;
  readonly timers: Timers;
}

/**
 * Plays one recorded step on the selected layers: from the Actions panel, from File › Automate › Batch
 * or from a script. The modal scope is Photoshop's own and is held while the bridge works, which is
 * what lets the next step of the action wait for this one.
 * @returns `info`, so that "Record Again" keeps the step as it is
 */
export async function playStep(
  { api, picker, bridge, connection, timers }: PlaybackParts,
  id: string,
  context: ExecutionContext,
  info: unknown,
): Promise<unknown> {
  const cancel = watchCancel(context);
  const capabilities = await Promise.race([readyBridge(connection, timers), cancel.pressed]);
  const order = decodeStep(info, requireOperation(capabilities, id));
  const host = createPhotoshopHost(playbackEditor(api, context), picker);
  const targets = await host.listTargets('selected-layers');
  if (targets.length === 0) {
    throw new PspError('BAD_INPUT', 'No layer is selected. Select the layer with the face first.');
  }
  for (const [index, target] of targets.entries()) {
    const hooks: RunHooks = {
      onState: (state) => report(context, order.operation, state, index, targets.length),
      onStarted: cancel.onPressed,
      isCancelled: () => context.isCancelled,
    };
    await runOrder(host, bridge, target, order, null, hooks);
  }
  return info;
}

/** @throws PspError WRONG_VERSION: the bridge is older than the operation. */
export function requireOperation(capabilities: Capabilities, id: string): OperationDeclaration {
  const declaration = capabilities.operations.find((operation) => operation.id === id);
  if (declaration) return declaration;
  throw new PspError(
    'WRONG_VERSION',
    `The bridge does not know the operation "${id}". Update the bridge, then run this again.`,
  );
}

function watchCancel(context: ExecutionContext) {
  let cancelRun: () => void = () => undefined;
  const pressed = new Promise<never>((_, reject) => {
    context.onCancel = () => {
      cancelRun();
      reject(new PspError('CANCELLED', 'Cancelled. Nothing was changed.'));
    };
  });
  // Pressed while nobody waits for it any more, it has been said through `isCancelled` already.
  pressed.catch(() => undefined);
  return { pressed, onPressed: (cancel: () => void) => (cancelRun = cancel) };
}

function report(
  context: ExecutionContext,
  operation: OperationDeclaration,
  state: JobState,
  index: number,
  count: number,
): void {
  const layer = count > 1 ? ` (layer ${index + 1} of ${count})` : '';
  if (state.kind === 'running') {
    const { done, total, stage } = state.progress;
    const value = total > 0 ? (index + done / total) / count : index / count;
    const commandName = `${operation.label}: ${stage}${layer}`;
    context.reportProgress({ value: Math.min(1, value), commandName });
  } else if (state.kind === 'queued') {
    context.reportProgress({ commandName: `${operation.label}: waiting${layer}` });
  }
}

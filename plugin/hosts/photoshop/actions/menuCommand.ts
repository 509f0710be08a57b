import { PspError, toPspError } from '../../../../protocol/errors';
import type { OperationDeclaration } from '../../../../protocol/operation';
import type { ConnectionState } from '../../../core/bridge/bridge';
import type { DocumentHost } from '../../../core/document';
import type { JobController } from '../../../core/jobController';
import type { Observable } from '../../../core/observable';
import type { Order } from '../../../core/order';
import type { Timers } from '../../../core/timers';
import { requireOperation } from './playback';
import { readyBridge } from './readyBridge';

export interface CommandParts {
  readonly host: DocumentHost;
  readonly jobs: JobController;
  readonly connection: Observable<ConnectionState>;
  readonly timers: Timers;
  /** The operation with the options last used. */
  readonly orderFor: (operation: OperationDeclaration) => Order;
}

/** A menu command: the operation on every selected layer, with or without the panel; failures in one alert. */
export async function runCommand(parts: CommandParts, id: string): Promise<void> {
  const { host, jobs, connection, timers, orderFor } = parts;
  try {
    const capabilities = await readyBridge(connection, timers);
    const order = orderFor(requireOperation(capabilities, id));
    const targets = await host.listTargets('selected-layers');
    if (targets.length === 0) {
      throw new PspError(
        'BAD_INPUT',
        'No layer is selected. Select the layer with the face first.',
      );
    }
    const ends = jobs.startRun(targets, order).map(({ end }) => end);
    const failures = (await Promise.allSettled(ends)).flatMap((end, index) =>
      end.status === 'rejected' ? [explain(end.reason, targets[index]!.layerName)] : [],
    );
    if (failures.some(Boolean)) host.notify(failures.filter(Boolean).join('\n'));
  } catch (error) {
    host.notify(toPspError(error).message);
  }
}

/** Empty for what the user did on purpose. */
function explain(reason: unknown, layerName: string): string {
  const { code, message } = toPspError(reason);
  return code === 'CANCELLED' ? '' : `${layerName}: ${message}`;
}

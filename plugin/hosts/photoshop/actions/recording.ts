import type { JobController } from '../../../core/jobController';
import type { Order } from '../../../core/order';
import type { PhotoshopAction } from '../api';
import { operationCommands } from './operationCommands';
import { encodeStep } from './recordedStep';

/**
 * Adds what the user orders, in the panel or by a menu command, to the action being recorded. One
 * order on several layers is one step, which plays on whatever layers are selected then.
 */
export function recordOrders(jobs: JobController, action: PhotoshopAction): () => void {
  let lastId = 0;
  return jobs.jobs.subscribe((all) => {
    for (const job of all.filter(({ id }) => id > lastId)) {
      lastId = job.id;
      if (job.order.priority === 'interactive' && job.run.number === 1) record(action, job.order);
    }
  });
}

function record(action: PhotoshopAction, order: Order): void {
  const command = operationCommands[order.operation.id];
  // An operation of a newer bridge: this plug-in has no function that could play it.
  if (!command) return;
  const recorded = action.recordAction(
    { name: `pSp Layers: ${command.label}`, methodName: command.handler },
    encodeStep(order),
  );
  // There is no way to ask whether an action is being recorded: mostly none is, and that is no error.
  recorded.catch(() => undefined);
}

import type { CaptureOrder } from '../../capture/capture';
import type { OperationDeclaration } from '../../protocol/operation';
import { completeParameters, type ParameterValues } from '../../protocol/parameter';

/** What the user asked for, without the layer: an order can be given again to another layer. */
export interface Order extends Omit<CaptureOrder, 'wholeLayer'> {
  readonly operation: OperationDeclaration;
  /** `null` takes the best installed model that serves the operation. */
  readonly model: string | null;
  readonly parameters: ParameterValues;
  readonly priority: 'interactive' | 'batch';
}

/** Everything of an order that decides what it makes of a layer. */
const workOf = ({ operation, model, parameters, faces, hole }: Order): string =>
  JSON.stringify([operation.id, model, completeParameters(operation, parameters), faces, hole]);

/** Whether two orders would make the same of a layer. A selection is not known here: it may be another. */
export function sameWork(a: Order, b: Order): boolean {
  const { selection = 'ignored' } = a.parameters;
  const readsSelection =
    selection !== 'ignored' || (a.operation.mask === 'required' && a.hole === 'selection');
  return !readsSelection && workOf(a) === workOf(b);
}

/** "frontalize 3f2a91c0": equal for equal work only, and fit for a file's name. */
export function workName(order: Order): string {
  // FNV-1a, 32 bits: a folder holds a handful of works.
  let hash = 0x811c9dc5;
  for (const letter of workOf(order)) {
    hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  }
  return `${order.operation.id} ${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

/** The same order with fresh seeds: the next variants after the ones already drawn. */
export function withNextSeeds(order: Order): Order {
  const parameters = { ...order.parameters };
  const variants = parameters['variants'];
  for (const declared of order.operation.parameters) {
    if (declared.kind !== 'seed') continue;
    const seed = Number(parameters[declared.name] ?? declared.default);
    const step = typeof variants === 'number' ? variants : 1;
    parameters[declared.name] = (seed + step) % (declared.max + 1);
  }
  return { ...order, parameters };
}

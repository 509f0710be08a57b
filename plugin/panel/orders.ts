import type { OperationDeclaration } from '../../protocol/operation';
import type { InstalledModel } from '../../protocol/model';
import type { ParameterValues } from '../../protocol/parameter';
import type { Capabilities } from '../core/bridge';
import type { Order } from '../core/order';
import { parametersFor } from '../core/settings';
import type { PanelServices } from './services';

export const modelsFor = (
  capabilities: Capabilities,
  operation: OperationDeclaration,
): readonly InstalledModel[] =>
  capabilities.models.filter((model) => model.operations.includes(operation.id));

/** What a click on an operation means right now: its last options and the faces chosen. */
export function orderFor(
  services: Pick<PanelServices, 'settings' | 'connection' | 'faceChoice'>,
  operation: OperationDeclaration,
): Order {
  const settings = services.settings.value;
  const connection = services.connection.value;
  const installed =
    connection.kind === 'ready' ? modelsFor(connection.capabilities, operation) : [];
  const preferred = settings.models[operation.id];
  return {
    operation,
    model: installed.find((model) => model.name === preferred)?.name ?? null,
    parameters: parametersFor(settings, operation),
    faces: services.faceChoice.value,
    hole: settings.hole,
    priority: 'interactive',
  };
}

export function keepParameters(
  services: PanelServices,
  operation: OperationDeclaration,
  values: ParameterValues,
): void {
  services.settings.update((settings) => ({
    ...settings,
    parameters: { ...settings.parameters, [operation.id]: values },
  }));
}

/** Runs an operation on the selected layers as they are now. */
export async function runOnSelectedLayers(services: PanelServices, order: Order): Promise<void> {
  services.jobs.startRun(await services.host.listTargets('selected-layers'), order);
}

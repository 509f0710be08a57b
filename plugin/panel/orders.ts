import type { OperationDeclaration } from '../../protocol/operation';
import type { InstalledModel } from '../../protocol/model';
import type { ParameterValues } from '../../protocol/parameter';
import type { Capabilities } from '../core/bridge/bridge';
import { boundsHeight, boundsWidth } from '../../protocol/geometry';
import type { DocumentHost } from '../core/document';
import type { Order } from '../core/order';
import { parametersFor, type Settings } from '../core/settings';
import type { PanelServices } from './services';

/** Best first, as the bridge lists them. */
export const modelsFor = (
  capabilities: Capabilities,
  operation: OperationDeclaration,
): readonly InstalledModel[] =>
  capabilities.models.filter((model) => model.operations.includes(operation.id));

/** The model a click would use: the one chosen for the operation while it is installed, or else the best. */
export function modelFor(
  capabilities: Capabilities,
  settings: Settings,
  operation: OperationDeclaration,
): InstalledModel | null {
  const [best, ...others] = modelsFor(capabilities, operation);
  const chosen = others.find(({ name }) => name === settings.models[operation.id]);
  return chosen ?? best ?? null;
}

/** What a click on an operation means right now: its last options and the faces chosen. */
export function orderFor(
  services: Pick<PanelServices, 'settings' | 'connection' | 'faceChoice'>,
  operation: OperationDeclaration,
): Order {
  const settings = services.settings.value;
  const connection = services.connection.value;
  const model =
    connection.kind === 'ready' ? modelFor(connection.capabilities, settings, operation) : null;
  return {
    operation,
    model: model?.name ?? null,
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

/** A new document of more than this is asked about: each of its layers takes a gigabyte and its editor minutes. */
const askedAbovePixels = 200e6;

/** Megapixels of the largest new document that an order makes of the selected layers; `null` below what is asked about. */
export async function hugeResult(
  host: DocumentHost,
  { parameters }: Pick<Order, 'parameters'>,
): Promise<number | null> {
  const factor = Number(/^x(\d)$/.exec(String(parameters['size']))?.[1] ?? 1);
  if (factor === 1) return null;
  const targets = await host.listTargets('selected-layers');
  const areas = targets.map(({ bounds }) => boundsWidth(bounds) * boundsHeight(bounds));
  const pixels = Math.max(0, ...areas) * factor ** 2;
  return pixels > askedAbovePixels ? Math.round(pixels / 1e6) : null;
}

/**
 * Runs an operation on the selected layers as they are now, but makes nothing twice: a seed gives the same
 * layer every time.
 * @returns false when all of it is under way or there already
 */
export async function runOnSelectedLayers(services: PanelServices, order: Order): Promise<boolean> {
  const targets = await services.host.listTargets('selected-layers');
  const fresh = targets.filter((target) => !services.results.hasMade(target, order));
  services.jobs.startRun(fresh, order);
  return fresh.length > 0 || targets.length === 0;
}

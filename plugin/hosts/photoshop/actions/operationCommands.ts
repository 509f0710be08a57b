import { operationLabels } from './operationLabels';

/**
 * What Photoshop must know of an operation before any bridge is there to ask: the global function
 * that a recorded step names, which is also the id of its menu command in manifest.json, and the name
 * that menus and the Actions panel show.
 */
export interface OperationCommand {
  readonly handler: string;
  readonly label: string;
}

/** Recorded actions hold the function's name: never change the rule. "super-resolve" → pspLayersSuperResolve */
export const handlerOf = (id: string): string =>
  `pspLayers-${id}`.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const operationCommands: Readonly<Record<string, OperationCommand>> = Object.fromEntries(
  Object.entries(operationLabels).map(([id, label]) => [id, { handler: handlerOf(id), label }]),
);

export const commandEntries = Object.entries(operationCommands);

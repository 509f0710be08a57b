import type { ExecutionContext } from './api';
import { commandEntries } from './actions/operationCommands';

/** `require('uxp').entrypoints`, as far as it is used. */
export interface EntryPoints {
  setup(handlers: {
    readonly panels: Readonly<Record<string, { create(root: HTMLElement): void }>>;
    readonly commands: Readonly<Record<string, { run(): Promise<void> }>>;
  }): void;
}

/** The plug-in proper, which the second script brings. */
export interface PluginApp {
  showPanel(root: HTMLElement): void;
  runCommand(operation: string): Promise<void>;
  playStep(operation: string, context: ExecutionContext, info: unknown): Promise<unknown>;
}

/** The name by which the second script finds the first. */
export const startName = 'pspLayersStart';
export type Start = (create: () => PluginApp) => void;

const panelId = 'pspLayersPanel';

/**
 * Photoshop gives up on a plug-in that has not declared itself within about 20 ms, so this is all that
 * the first, tiny script does: panel, menu commands, and the global functions that recorded steps name.
 * Each of them waits for the second script.
 */
export function setUpEntryPoints(entrypoints: EntryPoints, globals: Record<string, unknown>): void {
  let start!: Start;
  const app = new Promise<PluginApp>((resolve) => {
    start = (create) => resolve(Promise.resolve().then(create));
  });
  globals[startName] = start;
  for (const [id, { handler }] of commandEntries) {
    globals[handler] = async (context: ExecutionContext, info: unknown) =>
      (await app).playStep(id, context, info);
  }
  entrypoints.setup({
    panels: {
      [panelId]: {
        // Must return within 300 ms: the panel fills itself when it can.
        create(root) {
          app.then(
            (ready) => ready.showPanel(root),
            (error: unknown) => {
              root.textContent = `pSp Layers could not start: ${String(error)}. Reload the plug-in.`;
            },
          );
        },
      },
    },
    commands: Object.fromEntries(
      commandEntries.map(([id, { handler }]) => [
        handler,
        { run: async () => (await app).runCommand(id) },
      ]),
    ),
  });
}

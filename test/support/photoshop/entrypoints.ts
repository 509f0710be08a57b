interface ManifestEntry {
  readonly type: string;
  readonly id: string;
}

export interface PanelHandlers {
  readonly create?: (root: unknown) => unknown;
  readonly show?: (root: unknown) => unknown;
}

export interface EntrypointHandlers {
  readonly plugin?: { readonly create: () => unknown; readonly destroy?: () => unknown };
  readonly panels?: Readonly<Record<string, PanelHandlers>>;
  readonly commands?: Readonly<Record<string, { readonly run: () => unknown }>>;
}

/** `require('uxp').entrypoints`: once, at once, and for exactly what the manifest declares. */
export class FakeEntrypoints {
  handlers: EntrypointHandlers | null = null;
  private late = false;

  constructor(private readonly declared: readonly ManifestEntry[]) {}

  /** The script has run; Photoshop waits about 20 ms for `setup`, so a later turn is too late. */
  scriptEnded(): void {
    this.late = true;
  }

  setup(handlers: EntrypointHandlers): void {
    if (this.handlers !== null) throw new Error('entrypoints.setup may be called only once');
    if (this.late) throw new Error('entrypoints.setup was called too late');
    const ids = (type: string): string[] =>
      this.declared.filter((entry) => entry.type === type).map((entry) => entry.id);
    requireSame('panel', ids('panel'), Object.keys(handlers.panels ?? {}));
    requireSame('command', ids('command'), Object.keys(handlers.commands ?? {}));
    this.handlers = handlers;
  }

  async runCommand(id: string): Promise<void> {
    const command = this.handlers?.commands?.[id];
    if (command === undefined) throw new Error(`No command "${id}"`);
    await command.run();
  }
}

function requireSame(kind: string, declared: string[], handled: string[]): void {
  const missing = declared.filter((id) => !handled.includes(id));
  const unknown = handled.filter((id) => !declared.includes(id));
  if (missing.length > 0) throw new Error(`The ${kind} ${missing.join(', ')} has no handler`);
  if (unknown.length > 0) throw new Error(`The manifest has no ${kind} ${unknown.join(', ')}`);
}

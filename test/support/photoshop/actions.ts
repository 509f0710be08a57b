import type { ActionInfo, Descriptor, PhotoshopAction } from '../../../plugin/hosts/photoshop/api';
import { drawPlane, type DocumentState } from './state';
import { entryOf, readFile } from './storage';
import type { World } from './world';

type Listener = (event: string, descriptor: unknown) => void;

export interface RecordedStep {
  readonly name: string;
  readonly methodName: string;
  /** As Photoshop keeps it: text, nothing of the caller's object survives. */
  readonly info: string;
}

/** `require('photoshop').action`: descriptors, events, and the Actions panel. */
export class FakeActions implements PhotoshopAction {
  /** The Actions panel's recording button; `null` while it is off. */
  recording: RecordedStep[] | null = null;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(
    private readonly world: World,
    /** Where playback looks handlers up. */
    private readonly globals: Record<string, unknown>,
  ) {}

  /** Never rejects for a command that fails: that one answers an error descriptor. */
  async batchPlay(commands: Descriptor[]): Promise<Descriptor[]> {
    this.world.modal.requireHeld('batchPlay');
    return commands.map((command) => {
      try {
        return this.run(command);
      } catch (error) {
        return { _obj: 'error', message: (error as Error).message, result: -25920 };
      }
    });
  }

  addNotificationListener(events: string[], listener: Listener): void {
    for (const event of events) {
      const known = this.listeners.get(event) ?? new Set();
      this.listeners.set(event, known.add(listener));
    }
  }

  removeNotificationListener(events: string[], listener: Listener): void {
    for (const event of events) this.listeners.get(event)?.delete(listener);
  }

  /** Silent while a modal scope is open, as in Photoshop. */
  notify(event: string): void {
    if (this.world.modal.held) return;
    for (const listener of this.listeners.get(event) ?? []) listener(event, { _obj: event });
  }

  async recordAction(
    options: { readonly name: string; readonly methodName: string },
    info: ActionInfo,
  ): Promise<void> {
    if (typeof options.methodName !== 'string') throw new Error('Unsupported napi type');
    if (info === undefined) throw new Error('Failed Error: Argument 2 is missing');
    for (const [key, value] of Object.entries(info)) {
      if (!['string', 'number', 'boolean'].includes(typeof value)) {
        throw new Error(`An action descriptor cannot keep "${key}"`);
      }
    }
    if (this.recording === null) throw new Error('No action is being recorded');
    this.recording.push({ ...options, info: JSON.stringify(info) });
  }

  /**
   * Plays steps as the Actions panel and Batch do: each in a modal scope of its own, `suspending` the
   * history of a document around each where another plug-in plays them.
   */
  async play(steps: readonly RecordedStep[], suspending?: number): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const step of steps) {
      const handler = this.globals[step.methodName];
      if (typeof handler !== 'function') throw new Error('Script action failed.');
      const info: unknown = JSON.parse(step.info);
      answers.push(
        await this.world.modal.execute(
          async (context) => {
            if (suspending === undefined) return (await handler(context, info)) as unknown;
            const { hostControl } = context;
            const outer = { documentID: suspending, name: 'Played' };
            const suspension = await hostControl.suspendHistory(outer);
            const answer = (await handler(context, info)) as unknown;
            await hostControl.resumeHistory(suspension, true);
            return answer;
          },
          { commandName: step.name },
          true,
        ),
      );
    }
    return answers;
  }

  private get active(): DocumentState {
    if (this.world.activeId === null) throw new Error('There is no active document');
    return this.world.document(this.world.activeId);
  }

  private run(command: Descriptor): Descriptor {
    if (command._obj === 'get') return this.getProperty(command);
    if (command._obj === 'open') return this.open(command);
    this.change(this.active, command);
    return { _obj: command._obj };
  }

  /** `hasUserMask` of a layer of any open document. */
  private getProperty(command: Descriptor): Descriptor {
    const [property, layer, document] = command['_target'] as Record<string, unknown>[];
    if (property?.['_property'] !== 'hasUserMask' || document?.['_ref'] !== 'document') {
      throw new Error('The object of the command is not known');
    }
    const found = this.world.layer(document['_id'] as number, layerReference(layer));
    return { _obj: 'layer', hasUserMask: found.layer.mask !== null };
  }

  /** Without `dontDisplay` a file may ask about fonts and profiles, and nobody is there to answer. */
  private open(command: Descriptor): Descriptor {
    const file = command['null'] as { _path?: string; _kind?: string } | undefined;
    const options = command['_options'] as { dialogOptions?: string } | undefined;
    if (options?.dialogOptions !== 'dontDisplay') {
      this.world.modal.violations.push('a file was opened with dialogs');
    }
    if (file?._kind !== 'local') throw new Error('open takes a local file');
    const entry = entryOf(file._path);
    const content = readFile(entry);
    if (!isDocument(content)) throw new Error(`Could not open "${entry.name}"`);
    this.world.activeId = this.world.adopt({ ...content, title: entry.name });
    return { _obj: 'open' };
  }

  private change(document: DocumentState, command: Descriptor): void {
    switch (command._obj) {
      case 'select': {
        const id = layerReference(command['_target']);
        this.world.layer(document.id, id);
        const modifier = command['selectionModifier'] as { _value?: string } | undefined;
        const add = modifier?._value === 'addToSelection';
        document.activeIds = add ? [...document.activeIds, id] : [id];
        // makeVisible is true unless said otherwise: selecting a hidden layer would show it.
        if (command['makeVisible'] !== false)
          this.world.layer(document.id, id).layer.visible = true;
        return;
      }
      case 'selectNoLayers':
        document.activeIds = [];
        return;
      case 'set':
        return this.selectRectangle(document, command);
      case 'make':
        return this.makeMask(document, command);
      default:
        throw new Error(`The command "${command._obj}" is not currently available`);
    }
  }

  /** The marching ants, by a rectangle in pixels. */
  private selectRectangle(document: DocumentState, command: Descriptor): void {
    const [channel] = command['_target'] as { _ref?: string; _property?: string }[];
    const to = command['to'] as Record<string, unknown> & { readonly _obj?: string };
    if (
      channel?._ref !== 'channel' ||
      channel._property !== 'selection' ||
      to._obj !== 'rectangle'
    ) {
      throw new Error('The command "Set" is not currently available');
    }
    const edge = (name: string): number => {
      const { _unit, _value } = to[name] as { _unit: string; _value: number };
      if (_unit !== 'pixelsUnit') throw new Error(`"${name}" has no unit of pixels`);
      return _value;
    };
    this.world.modal.change(document, 'Rectangular Marquee');
    const [left, top, right, bottom] = ['left', 'top', 'right', 'bottom'].map(edge);
    const bounds = { left: left!, top: top!, right: right!, bottom: bottom! };
    const gray = { mode: 'grayscaleMode', bits: 8, profile: 'Gray Gamma 2.2' } as const;
    document.selection = drawPlane(gray, bounds, true, () => [1, 1, 1, 1]);
  }

  private makeMask(document: DocumentState, command: Descriptor): void {
    const made = command['new'] as { _class?: string } | undefined;
    const using = command['using'] as { _value?: string } | undefined;
    const [activeId, ...others] = document.activeIds;
    if (made?._class !== 'channel' || using?._value !== 'revealAll') {
      throw new Error('The command "Make" is not currently available');
    }
    if (activeId === undefined || others.length > 0) throw new Error('Select one layer');
    const { layer } = this.world.layer(document.id, activeId);
    if (layer.mask !== null) throw new Error('The layer already has a layer mask');
    this.world.modal.change(document, 'Add Layer Mask');
    const bounds = { left: 0, top: 0, right: document.width, bottom: document.height };
    const gray = { mode: 'grayscaleMode', bits: document.bits, profile: 'Gray Gamma 2.2' } as const;
    layer.mask = drawPlane(gray, bounds, true, () => [1, 1, 1, 1]);
  }
}

const isDocument = (content: unknown): content is DocumentState =>
  typeof content === 'object' && content !== null && 'layers' in content;

function layerReference(target: unknown): number {
  const references = Array.isArray(target) ? (target as unknown[]) : [target];
  const [layer] = references as { _ref?: string; _id?: number }[];
  if (layer?._ref !== 'layer' || typeof layer._id !== 'number') {
    throw new Error('The target of the command is not a layer');
  }
  return layer._id;
}

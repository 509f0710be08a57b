import { createContext, Script } from 'node:vm';
import { WebSocket as NodeWebSocket } from 'ws';
import { FakeEntrypoints } from './entrypoints';
import { PanelDocument } from './panelDom';
import { FakePhotoshop } from './photoshop';
import { FakeLocalStorage, FakeStorage } from './storage';
import { FakeNetwork, type ServerEnd } from './websocket';

interface PluginManifest {
  readonly version: string;
  readonly entrypoints: readonly { readonly type: string; readonly id: string }[];
  readonly requiredPermissions: { readonly network: { readonly domains: readonly string[] } };
}

/** Of a JavaScript engine older than ours, as far as a bundle could come to need it. */
const tooNew = `
  for (const list of [Array, Uint8Array])
    for (const name of ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast', 'findLastIndex'])
      delete Object.getPrototypeOf(list.prototype)[name], delete list.prototype[name];
  delete Object.groupBy; delete Map.groupBy; delete Promise.withResolvers; delete Array.fromAsync;
`;

/** One running plug-in: Photoshop around it, and what a person and the network do to it. */
export class PluginRealm {
  readonly photoshop: FakePhotoshop;
  readonly network: FakeNetwork;
  readonly entrypoints: FakeEntrypoints;
  readonly storage = new FakeStorage();
  readonly document = new PanelDocument();
  private readonly context: Record<string, unknown>;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(manifest: PluginManifest) {
    this.context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
    this.photoshop = new FakePhotoshop(this.context);
    this.network = new FakeNetwork(
      manifest.requiredPermissions.network.domains,
      this.photoshop.world.modal,
    );
    this.entrypoints = new FakeEntrypoints(manifest.entrypoints);
    const modules: Record<string, unknown> = {
      photoshop: this.photoshop.api,
      uxp: {
        entrypoints: this.entrypoints,
        storage: this.storage,
        host: { uiLocale: 'en_US', name: 'Photoshop', version: '25.0.0' },
        versions: { plugin: manifest.version, uxp: 'uxp-7.3.0' },
      },
    };
    this.run(tooNew);
    Object.assign(this.context, {
      // Photoshop hands out arrays of the plug-in's own realm; here that is ours.
      ...{ ArrayBuffer, DataView, Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array },
      setTimeout: (callback: () => void, milliseconds?: number) => {
        const timer = setTimeout(callback, milliseconds);
        this.timers.add(timer);
        return timer;
      },
      clearTimeout,
      document: this.document,
      WebSocket: this.network.WebSocket,
      localStorage: new FakeLocalStorage(),
      crypto: {
        getRandomValues: (array: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(array),
      },
      require: (name: string): unknown => {
        if (!(name in modules)) throw new Error(`There is no module "${name}" in UXP`);
        return modules[name];
      },
    });
  }

  run(script: string): void {
    new Script(script).runInContext(this.context);
  }

  /** Photoshop quits: nothing of the plug-in runs any more. */
  unload(): void {
    this.context['setTimeout'] = () => 0;
    for (const timer of this.timers) clearTimeout(timer);
    this.network.hangUp();
  }

  /** Loads the plug-in's scripts as index.html does; after the first it is too late for `setup`. */
  load(entry: string, main: string): void {
    this.run(entry);
    this.entrypoints.scriptEnded();
    this.run(main);
  }
}

/** Joins the fake network to a real bridge server on some free port. */
export function forward(network: FakeNetwork, origin: string, serverUrl: string): void {
  network.listen(origin, (end) => pipe(end, new NodeWebSocket(serverUrl)));
}

function pipe(end: ServerEnd, server: NodeWebSocket): void {
  const early: (string | ArrayBuffer)[] = [];
  end.onMessage = (data) => {
    if (server.readyState === NodeWebSocket.OPEN) server.send(data);
    else early.push(data);
  };
  end.onClose = () => server.close();
  server.binaryType = 'arraybuffer';
  server.on('open', () => early.splice(0).forEach((data) => server.send(data)));
  server.on('message', (data: ArrayBuffer, isBinary: boolean) =>
    end.send(isBinary ? data : Buffer.from(data).toString('utf8')),
  );
  server.on('close', (code, reason) => end.close(code, reason.toString()));
  server.on('error', () => undefined);
}

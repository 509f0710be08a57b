import { options, render } from 'preact';
import { defaultPort } from '../../../protocol/limits';
import { BridgeClient } from '../../core/bridge/bridgeClient';
import type { SocketLike } from '../../core/bridge/runtime';
import { openSettings } from '../../core/settings';
import type { Timers } from '../../core/timers';
import { createServices, orderFor, Panel } from '../../panel';
import type { PhotoshopApi } from './api';
import { selfCheck } from './check/selfCheck';
import { modalEditor } from './document/editor';
import type { PluginApp } from './entryPoints';
import { runCommand } from './actions/menuCommand';
import { createPhotoshopHost } from './document/photoshopHost';
import {
  chooseCheckpoint,
  onceAtATime,
  saveFile,
  textStore,
  tokenStore,
  type UxpStorage,
} from './platform';
import { playStep } from './actions/playback';
import { pictureUrls } from './pictureUrl';
import { recordOrders } from './actions/recording';

/** What UXP gives the plug-in, handed in by main. */
export interface UxpRuntime {
  readonly photoshop: PhotoshopApi;
  readonly storage: UxpStorage;
  /** As "ko_KR". */
  readonly uiLocale: string;
  readonly version: string;
  /** Versions of plug-in, Photoshop and UXP, in a line. */
  readonly about: string;
  readonly timers: Timers;
  readonly localStorage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly crypto: Pick<Crypto, 'getRandomValues'>;
  openSocket(url: string): SocketLike;
}

/**
 * Both are in the manifest. Since UXP 7.4 an IP address is refused even so; before, it is the way where
 * "localhost" leads to ::1 alone, on which the bridge does not listen.
 */
const addresses = ['localhost', '127.0.0.1'].map((name) => `ws://${name}:${defaultPort}/`);

// Preact batches with `queueMicrotask`, which UXP does not promise to have.
options.debounceRendering = (draw) => void Promise.resolve().then(draw);

/** The plug-in: it connects at once, so that menu commands and actions work without the panel. */
export function createPluginApp(runtime: UxpRuntime): PluginApp {
  const { photoshop, storage, timers } = runtime;
  const editor = modalEditor(photoshop, timers);
  const host = createPhotoshopHost(editor, storage.localFileSystem);
  const settings = openSettings(textStore(runtime.localStorage));
  const bridge = new BridgeClient(
    {
      openSocket: (url) => runtime.openSocket(url),
      timers,
      randomName: () => randomName(runtime),
    },
    {
      url: addresses[0]!,
      otherUrls: addresses.slice(1),
      client: { name: 'Photoshop plug-in', version: runtime.version },
      tokens: tokenStore(storage),
      compact: true,
    },
  );
  const services = createServices({
    host,
    bridge,
    settings,
    timers,
    history: null,
    platform: {
      imageUrl: pictureUrls(photoshop.imaging),
      chooseCheckpoint: onceAtATime(() => chooseCheckpoint(storage)),
      // Adobe documents how a document's XMP is read, not how it is written (UXP, XMP, getting started).
      notesLayers: false,
      selfCheck: onceAtATime(() => selfCheck({ ...runtime, editor, addresses })),
      saveFile: (name, content) => saveFile(storage, name, content),
      systemLanguage: runtime.uiLocale.replace('_', '-'),
      // UXP has no attributes for them.
      semantics: () => ({}),
      randomSeed: () => randomNumbers(runtime, new Uint32Array(1))[0]!,
    },
  });
  const { connection, jobs, faces } = services;
  recordOrders(jobs, photoshop.action);
  bridge.start();

  return {
    showPanel(root) {
      // Only once a panel is there to show them: reading a preview takes Photoshop's modal state.
      faces.start();
      render(<Panel services={services} />, root);
    },
    runCommand: (operation) =>
      runCommand(
        { host, jobs, connection, timers, orderFor: (declared) => orderFor(services, declared) },
        operation,
      ),
    playStep: (operation, context, info) =>
      playStep(
        { api: photoshop, picker: storage.localFileSystem, bridge, connection, timers },
        operation,
        context,
        info,
      ),
  };
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/** 24 letters of 5 random bits each. */
const randomName = (runtime: UxpRuntime): string =>
  Array.from(randomNumbers(runtime, new Uint8Array(24)), (byte) => letters[byte % 32]).join('');

function randomNumbers<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
  { crypto }: UxpRuntime,
  numbers: T,
): T {
  crypto.getRandomValues(numbers);
  return numbers;
}

import { render } from 'preact';
import type { Raster } from '../../../protocol/raster';
import { BridgeClient } from '../../core/bridge/bridgeClient';
import { History } from '../../core/history';
import { openSettings } from '../../core/settings';
import { createServices } from '../../panel';
import { BrowserHost } from './document/browserHost';
import { Workspace } from './document/workspace';
import { chooseFolder } from './files/pictureFolder';
import { KeptFolder } from './keep/keptFolder';
import { Session } from './keep/session';
import { openDocks } from './page/docks';
import { Editor } from './page/editor';
import { followResults } from './page/followResults';
import { Page } from './page/Page';
import { openTheme } from './page/themes';
import { pageTexts } from './page/texts';
import { browserRuntime, browserTimers, textStore, tokenStore } from './runtime';
import { createPlatform, deliver } from './platform';
import { defineSpectrum } from './spectrum';
import { createWorkerClient } from './worker/workerClient';
import { version } from './version';

defineSpectrum();

const worker = createWorkerClient(new Worker('worker.js'));
const workspace = new Workspace();
const settings = openSettings(textStore);
/** What panel and page speak, as "ko-KR". */
const language = (): string =>
  settings.value.language === 'auto' ? navigator.language : settings.value.language;
const url = `ws://${location.host}/`;
const bridge = new BridgeClient(browserRuntime, {
  url,
  client: { name: 'Browser page', version },
  tokens: tokenStore,
  compact: true,
});
const files = { worker, bridge, notesLayers: () => settings.value.notesLayers };
const editor = new Editor(workspace, files, pageTexts(language()), deliver);
const host: BrowserHost = new BrowserHost(workspace, {
  shrink: (pixels: Raster, maxSide) => worker.shrink({ pixels, maxSide }),
  enlarge: (pixels, factor) => worker.enlarge({ pixels, factor }),
  chooseFolder: () => chooseFolder({ workspace, files, host: () => host }),
  notify: (text) => editor.message.set({ kind: 'notice', text }),
});

const keptHistory = KeptFolder.open('psp-layers-history');
const madeBefore = new History(
  {
    read: async () => (await keptHistory)?.read(),
    write: async (entries) => (await keptHistory)?.write(entries),
  },
  Date.now,
);

const services = createServices({
  host,
  bridge,
  settings,
  timers: browserTimers,
  history: madeBefore,
  platform: createPlatform(),
});
const { jobs, results, faces } = services;
faces.start();
madeBefore.start(jobs);
followResults(jobs, settings, editor);

/** What was open comes back, and stays for the next time. */
const keptElsewhere = () => {
  editor.kept.set({ kind: 'elsewhere' });
  editor.message.set({ kind: 'notice', text: editor.texts.kept.elsewhereHint });
};
void KeptFolder.open('psp-layers-session', keptElsewhere).then(async (folder) => {
  const waited = editor.kept.value.kind === 'elsewhere';
  const parts = { workspace, host, jobs, results, timers: browserTimers, state: editor.kept };
  if (folder) await new Session(folder, parts).start();
  if (waited) editor.message.set({ kind: 'notice', text: editor.texts.kept.takenOver });
});

/** The server opens the page with a one-time code behind the address. */
const code = /^#pair=([A-Za-z0-9]+)$/.exec(location.hash)?.[1];
if (code === undefined) bridge.start();
else {
  history.replaceState(null, '', location.pathname);
  bridge.pair(code, 'page');
}

const theme = openTheme(textStore, matchMedia('(prefers-color-scheme: light)').matches);
const docks = openDocks(textStore);
const showTheme = () => document.documentElement.setAttribute('data-theme', theme.value);
theme.subscribe(showTheme);
showTheme();

addEventListener('beforeunload', (event) => {
  const isModified = workspace.documents.value.some((open) => open.isModified);
  if (isModified && editor.kept.value.kind !== 'kept') event.preventDefault();
});
addEventListener('unhandledrejection', ({ reason }) => editor.showError(reason));

const show = () => {
  editor.texts = pageTexts(language());
  document.documentElement.lang = editor.texts.language;
  render(
    <Page
      editor={editor}
      services={services}
      theme={theme}
      docks={docks}
      sampleUrl="astronaut.png"
    />,
    document.getElementById('root')!,
  );
};
settings.subscribe(show);
show();

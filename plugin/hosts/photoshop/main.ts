import type { PhotoshopApi } from './api';
import { startName, type Start } from './entryPoints';
import { hostTimers, type UxpStorage } from './platform';
import { createPluginApp } from './pluginApp';

interface Uxp {
  readonly storage: UxpStorage;
  readonly host: { readonly uiLocale: string; readonly name: string; readonly version: string };
  readonly versions: { readonly plugin: string; readonly uxp: string };
}

// Adobe's own types of these modules redeclare the DOM with less in it; api.ts lists what is used.
declare const require: ((name: 'photoshop') => PhotoshopApi) & ((name: 'uxp') => Uxp);

const photoshop = require('photoshop');
const uxp = require('uxp');

const start = (globalThis as unknown as Record<typeof startName, Start>)[startName];
start(() =>
  createPluginApp({
    photoshop,
    storage: uxp.storage,
    uiLocale: uxp.host.uiLocale,
    version: uxp.versions.plugin,
    about: `pSp Layers ${uxp.versions.plugin} · ${uxp.host.name} ${uxp.host.version} · ${uxp.versions.uxp} · ${uxp.host.uiLocale}`,
    timers: hostTimers,
    localStorage,
    crypto,
    openSocket: (url) => new WebSocket(url),
  }),
);

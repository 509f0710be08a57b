import { setUpEntryPoints, type EntryPoints } from './entryPoints';

declare const require: (name: 'uxp') => { readonly entrypoints: EntryPoints };

setUpEntryPoints(require('uxp').entrypoints, globalThis as unknown as Record<string, unknown>);

import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { FaceChoice } from '../../protocol/face';
import type { Raster } from '../../protocol/raster';
import type { BatchQueue } from '../core/batchQueue';
import type { Bridge, ConnectionState } from '../core/bridge/bridge';
import type { DocumentHost } from '../core/document';
import type { FaceSearch } from '../core/faceSearch';
import type { History } from '../core/history';
import type { JobController } from '../core/jobController';
import type { Observable } from '../core/observable';
import type { Results } from '../core/results';
import type { Settings } from '../core/settings';
import { chooseTexts, type Texts } from './texts';

/** A checkpoint's bytes, or where it lies on this machine, where the runtime may not hold as much. */
export interface ChosenCheckpoint {
  readonly name: string;
  readonly content: Uint8Array | { readonly path: string };
}

/** What an editor was found to do of all that is asked of it. */
export interface SelfCheckReport {
  readonly failed: readonly { readonly name: string; readonly words: string }[];
  /** For whoever helps: a text of some pages, in English. */
  readonly text: string;
}

/** What the panel needs of the runtime it is shown in. */
export interface PanelPlatform {
  /** What an `<img>` can show. */
  imageUrl(pixels: Raster): Promise<string>;
  /** Lets the user choose a .pt file; `null` when they decline. */
  chooseCheckpoint(): Promise<ChosenCheckpoint | null>;
  /** Whether its documents can say how their layers were made. */
  readonly notesLayers: boolean;
  /** Tries all that is asked of the editor, in documents of its own; `null` where there is nothing to try. */
  readonly selfCheck: (() => Promise<SelfCheckReport>) | null;
  /** Lets the user save a small file. */
  saveFile(name: string, content: Uint8Array | string): Promise<void>;
  /** As "ko-KR". */
  readonly systemLanguage: string;
  /** 0..4294967295. */
  randomSeed(): number;
  /** Attributes that tell assistive technology what an element is; none where the runtime knows none. */
  semantics(meaning: Semantics): Readonly<Record<string, string>>;
}

/** What an element is beyond its text. */
export interface Semantics {
  readonly role?:
    'tab' | 'tablist' | 'tabpanel' | 'button' | 'group' | 'status' | 'alert' | 'list' | 'listitem';
  /** Its name where its text does not say it. */
  readonly label?: string;
  /** A choice that is on or off. */
  readonly pressed?: boolean;
  /** A tab that is in front. */
  readonly selected?: boolean;
  /** Whether what it unfolds is there. */
  readonly expanded?: boolean;
  /** Said already by the name of the button laid over it. */
  readonly hidden?: boolean;
}

/** Everything the panel shows and steers, wired by each host's main. */
export interface PanelServices {
  readonly host: DocumentHost;
  readonly bridge: Bridge;
  readonly connection: Observable<ConnectionState>;
  readonly settings: Observable<Settings>;
  readonly jobs: JobController;
  readonly results: Results;
  readonly faces: FaceSearch;
  readonly faceChoice: Observable<FaceChoice>;
  readonly batch: BatchQueue;
  /** The operation whose options are shown. */
  readonly unfolded: Observable<string | null>;
  /** `null` where the host keeps none. */
  readonly history: History | null;
  readonly platform: PanelPlatform;
  /** For people: where the bridge is looked for. */
  readonly address: Observable<string>;
  retryConnection(): void;
  /** Proves this host once by the code the bridge shows. */
  pair(code: string): void;
}

const Services = createContext<PanelServices | null>(null);
export const ServicesProvider = Services.Provider;

export function useServices(): PanelServices {
  const services = useContext(Services);
  if (!services) throw new Error('The panel is rendered outside its ServicesProvider.');
  return services;
}

export function useObservable<T>(observable: Observable<T>): T {
  const [value, setValue] = useState(observable.value);
  useEffect(() => {
    setValue(() => observable.value);
    return observable.subscribe((next) => setValue(() => next));
  }, [observable]);
  return value;
}

export const useSemantics = (): PanelPlatform['semantics'] => useServices().platform.semantics;

export function useTexts(): Texts {
  const { settings, platform } = useServices();
  return chooseTexts(useObservable(settings).language, platform.systemLanguage);
}

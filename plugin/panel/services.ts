import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { FaceChoice } from '../../protocol/face';
import type { Raster } from '../../protocol/raster';
import type { BatchQueue } from '../core/batchQueue';
import type { Bridge, ConnectionState } from '../core/bridge';
import type { DocumentHost } from '../core/document';
import type { FaceSearch } from '../core/faceSearch';
import type { JobController } from '../core/jobController';
import type { Observable } from '../core/observable';
import type { Settings } from '../core/settings';
import { chooseTexts, type Texts } from './texts';

/** What the panel needs of the runtime it is shown in. */
export interface PanelPlatform {
  /** What an `<img>` can show. */
  imageUrl(pixels: Raster): Promise<string>;
  /** Lets the user choose a .pt file; `null` when they decline. */
  chooseCheckpoint(): Promise<{ readonly name: string; readonly bytes: Uint8Array } | null>;
  /** Lets the user save a small file. */
  saveFile(name: string, bytes: Uint8Array): Promise<void>;
  /** As "ko-KR". */
  readonly systemLanguage: string;
  /** 0..4294967295. */
  randomSeed(): number;
}

/** Everything the panel shows and steers, wired by each host's main. */
export interface PanelServices {
  readonly host: DocumentHost;
  readonly bridge: Bridge;
  readonly connection: Observable<ConnectionState>;
  readonly settings: Observable<Settings>;
  readonly jobs: JobController;
  readonly faces: FaceSearch;
  readonly faceChoice: Observable<FaceChoice>;
  readonly batch: BatchQueue;
  readonly platform: PanelPlatform;
  /** For people: where the bridge is looked for. */
  readonly address: string;
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

export function useTexts(): Texts {
  const { settings, platform } = useServices();
  return chooseTexts(useObservable(settings).language, platform.systemLanguage);
}

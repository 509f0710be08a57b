import { isPspError } from '../../protocol/errors';
import type { FaceChoice } from '../../protocol/face';
import { type OperationDeclaration } from '../../protocol/operation';
import { completeParameters, type ParameterValues } from '../../protocol/parameter';
import { Observable } from './observable';
import type { HoleSource } from '../../capture/holes';

/** Where a host keeps small texts between sessions. */
export interface TextStore {
  read(key: string): string | null;
  write(key: string, value: string): void;
}

export interface Settings {
  /** `auto` follows the editor. */
  readonly language: 'auto' | 'en' | 'ko';
  readonly faces: Extract<FaceChoice, string>;
  readonly hole: HoleSource;
  /** What was last used, by operation. */
  readonly parameters: Readonly<Partial<Record<string, ParameterValues>>>;
  readonly models: Readonly<Partial<Record<string, string>>>;
  /** What a face took on this machine at last, milliseconds, by operation and likeness. */
  readonly likenessMs: Readonly<Partial<Record<string, Partial<Record<string, number>>>>>;
  /** Whether documents say how their layers were made, where the host has a place for it. */
  readonly notesLayers: boolean;
  /** Until a first result is there: the panel points at where to begin. */
  readonly isNew: boolean;
}

export const defaultSettings: Settings = {
  language: 'auto',
  faces: 'all',
  hole: 'selection',
  parameters: {},
  models: {},
  likenessMs: {},
  notesLayers: true,
  isNew: true,
};

const key = 'psp-layers/settings/1';

/** Settings that survive; what cannot be read any more falls back to its default, field by field. */
export function openSettings(store: TextStore): Observable<Settings> {
  const settings = new Observable(decode(store.read(key)));
  settings.subscribe((value) => store.write(key, JSON.stringify(value)));
  return settings;
}

function decode(text: string | null): Settings {
  let stored: unknown;
  try {
    stored = text === null ? null : JSON.parse(text);
  } catch {
    return defaultSettings;
  }
  if (typeof stored !== 'object' || stored === null) return defaultSettings;
  const field = (name: keyof Settings): unknown => (stored as Record<string, unknown>)[name];
  const oneOf = <T extends string>(name: keyof Settings, allowed: readonly T[], fallback: T): T =>
    allowed.find((value) => value === field(name)) ?? fallback;
  const record = <T>(name: keyof Settings): T => {
    const value = field(name);
    return (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as T;
  };
  return {
    language: oneOf('language', ['auto', 'en', 'ko'], defaultSettings.language),
    faces: oneOf('faces', ['all', 'largest'], defaultSettings.faces),
    hole: oneOf('hole', ['selection', 'transparency'], defaultSettings.hole),
    parameters: record('parameters'),
    models: record('models'),
    likenessMs: record('likenessMs'),
    notesLayers: field('notesLayers') !== false,
    isNew: field('isNew') !== false,
  };
}

/** The values to show for an operation: those last used, as far as it still takes them. */
export function parametersFor(
  settings: Settings,
  operation: OperationDeclaration,
): ParameterValues {
  const stored = settings.parameters[operation.id];
  if (typeof stored !== 'object' || stored === null) return completeParameters(operation, {});
  const usable = Object.entries(stored).filter(([name, value]) => {
    const declared = operation.parameters.filter((parameter) => parameter.name === name);
    try {
      completeParameters({ label: operation.label, parameters: declared }, { [name]: value });
      return true;
    } catch (error) {
      if (isPspError(error)) return false;
      throw error;
    }
  });
  return completeParameters(operation, Object.fromEntries(usable));
}

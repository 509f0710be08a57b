import { Observable } from '../../../core/observable';
import type { TextStore } from '../../../core/settings';

/** In a small window one dock at a time, or none. */
export const dockNames = ['panel', 'layers'] as const;
export type DockName = (typeof dockNames)[number];

/** Sides that can be dragged, in CSS pixels: 0 is folded away. */
export const dockLimits = {
  layers: { min: 160, max: 480, usual: 244 },
  panel: { min: 260, max: 600, usual: 308 },
  height: { min: 140, max: 900, usual: 360 },
} as const;
export type DockSide = keyof typeof dockLimits;

export interface Docks {
  readonly layers: number;
  readonly panel: number;
  readonly height: number;
  readonly shown: DockName | null;
}

const key = 'psp-layers/docks';

/** As they were left. */
export function openDocks(store: TextStore): Observable<Docks> {
  const docks = new Observable(decode(store.read(key)));
  docks.subscribe((value) => store.write(key, JSON.stringify(value)));
  return docks;
}

/** Where a drag to this size ends: less than half of the least folds the dock away. */
export function sizeFor(side: DockSide, wanted: number): number {
  const { min, max } = dockLimits[side];
  return wanted < min / 2 ? 0 : Math.round(Math.min(max, Math.max(min, wanted)));
}

function decode(text: string | null): Docks {
  let stored: Partial<Record<string, unknown>> = {};
  try {
    stored = (JSON.parse(text ?? '{}') as typeof stored | null) ?? {};
  } catch {
    // Not ours: as at first.
  }
  const size = (side: DockSide): number => {
    const value = stored[side];
    return typeof value === 'number' ? sizeFor(side, value) : dockLimits[side].usual;
  };
  const shown = stored['shown'];
  return {
    layers: size('layers'),
    panel: size('panel'),
    height: size('height') || dockLimits.height.usual,
    shown: shown === null ? null : (dockNames.find((name) => name === shown) ?? 'panel'),
  };
}

import { Observable } from '../../../core/observable';
import type { TextStore } from '../../../core/settings';

/** Photoshop's four. */
export const themes = ['darkest', 'dark', 'light', 'lightest'] as const;
export type Theme = (typeof themes)[number];

const key = 'psp-layers/theme';

/** The theme chosen last; at first the one that suits the system. */
export function openTheme(store: TextStore, prefersLight: boolean): Observable<Theme> {
  const stored = themes.find((theme) => theme === store.read(key));
  const theme = new Observable<Theme>(stored ?? (prefersLight ? 'light' : 'dark'));
  theme.subscribe((value) => store.write(key, value));
  return theme;
}

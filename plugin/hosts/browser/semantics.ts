import type { PanelPlatform } from '../../panel';

/** The panel's meanings as ARIA says them. */
export const semantics: PanelPlatform['semantics'] = (meaning) => {
  const { role, label, pressed, selected, expanded, hidden } = meaning;
  const states = {
    role,
    'aria-label': label,
    'aria-pressed': pressed,
    'aria-selected': selected,
    'aria-expanded': expanded,
    'aria-hidden': hidden,
  };
  return Object.fromEntries(
    Object.entries(states).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
};

import type { PanelPlatform } from '../../panel';

/** The panel's meanings as ARIA says them. */
export const semantics: PanelPlatform['semantics'] = (meaning) => {
  const { role, label, pressed, selected, expanded } = meaning;
  const states = {
    role,
    'aria-label': label,
    'aria-pressed': pressed,
    'aria-selected': selected,
    'aria-expanded': expanded,
  };
  return Object.fromEntries(
    Object.entries(states).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
};

import type { SelectMode, Tool } from './editor';

type IconName = Tool | SelectMode | 'eye' | 'eyeOff' | 'folder' | 'trash';

const paths: Readonly<Record<IconName, string>> = {
  hand: 'M6 9V4.5a1 1 0 0 1 2 0V8V3.2a1 1 0 0 1 2 0V8V4a1 1 0 0 1 2 0v5V6a1 1 0 0 1 2 0v5.5A4.5 4.5 0 0 1 9.500 16c-2 0-3-.8-4-2.300L3.200 10.400a1 1 0 0 1 1.600-1.200z',
  rectangle:
    'M3 5.500V3h2.500M8 3h2M12.500 3H15v2.500M15 8v2M15 12.500V15h-2.500M10 15H8M5.500 15H3v-2.500M3 10V8',
  lasso:
    'M5.500 11.500C3.200 10.900 2 9.300 2 7.500 2 4.700 5.100 3 9 3s7 1.700 7 4.500S12.900 12 9 12c-1.200 0-2.400-.1-3.500-.5z M5.500 11.500c1 1 .5 2.500-.5 3.500',
  replace: 'M3.500 3.500h11v11h-11z',
  add: 'M3 3h8v4h4v8H7v-4H3z',
  subtract: 'M3 3h8v4H7v4H3z M9.500 7H15v8H7v-4',
  brush:
    'M15 3l-6.500 7M6.500 10.500c-2 0-2.500 1.500-2.500 3 0 .8-.5 1.300-1 1.500 2.500.5 5.500 0 5.500-2.500 0-1.200-.8-2-2-2z',
  eraser: 'M7 15h8M3.500 11.500l7-7 4 4-6.500 6.500H6z M7 8l4 4',
  eye: 'M1.500 9S4.500 4.500 9 4.500 16.500 9 16.500 9 13.500 13.500 9 13.500 1.500 9 1.500 9z M9 7a2 2 0 1 1 0 4a2 2 0 1 1 0-4z',
  eyeOff: 'M9 8.500a.5.5 0 1 1 0 1a.5.5 0 1 1 0-1z',
  folder: 'M2 5V14h14V6H8.500L7 4H2z',
  trash: 'M4 5h10M7 5V3.500h4V5M5.500 5l.5 10h6l.5-10',
};

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

import { h, type ComponentChildren, type VNode } from 'preact';

/**
 * The Spectrum tags that Photoshop's panel runtime has built in, with the attributes we rely on. The
 * browser host defines stand-ins of the same names. Events are written in small letters: Preact then
 * listens for exactly these, whether or not the element has an `onclick` property.
 */
interface Common {
  readonly class?: string;
  readonly title?: string | undefined;
  readonly disabled?: boolean;
  readonly children?: ComponentChildren;
}

// Preact's `h` knows the tags of HTML; these are custom elements.
const tag = h as (name: string, props: object, ...children: ComponentChildren[]) => VNode;

/** An attribute that is there or not; `false` must not become the text "false". */
const flag = (value: boolean | undefined) => (value ? true : undefined);

interface ButtonProps extends Common {
  readonly variant?: 'cta' | 'primary' | 'secondary' | 'warning';
  readonly quiet?: boolean;
  /** Its name where its text is the same on several; it begins with that text. */
  readonly label?: string;
  onClick(): void;
}

export function Button({
  onClick,
  variant = 'secondary',
  quiet,
  disabled,
  label,
  ...rest
}: ButtonProps) {
  const states = { quiet: flag(quiet), disabled: flag(disabled), 'data-label': label };
  const props = { ...rest, ...states, variant };
  return tag('sp-button', { ...props, onclick: onClick });
}

interface ActionButtonProps extends Common {
  /** Given, it is a choice that is on or off. */
  readonly selected?: boolean;
  readonly label?: string;
  onClick(): void;
}

export function ActionButton({ onClick, selected, disabled, label, ...rest }: ActionButtonProps) {
  const states = { selected: flag(selected), disabled: flag(disabled), 'data-label': label };
  const props = { ...rest, ...states };
  return tag('sp-action-button', { ...props, onclick: onClick });
}

interface SliderProps extends Common {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly label: string;
  /** The value with its unit, as it is read out. */
  readonly text: string;
  /** Told while it moves. */
  onInput?(value: number): void;
  /** Told when it comes to rest. */
  onChange?(value: number): void;
}

const valueOf = (event: Event): string => String((event.target as { value?: unknown }).value ?? '');

export function Slider(props: SliderProps) {
  const { min, max, step, value, label, text, disabled, onInput, onChange } = props;
  // Photoshop's slider counts in whole steps only: 0.05 would be rounded away.
  const steps = Math.round((max - min) / step);
  const read = (event: Event) => Number((min + Number(valueOf(event)) * step).toFixed(6));
  return tag('sp-slider', {
    class: 'slider',
    title: label,
    min: 0,
    max: steps,
    step: 1,
    value: Math.round((value - min) / step),
    'data-text': text,
    disabled: flag(disabled),
    oninput: onInput && ((event: Event) => onInput(read(event))),
    onchange: onChange && ((event: Event) => onChange(read(event))),
  });
}

interface DropdownProps extends Common {
  readonly value: string;
  readonly label: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  onChange(value: string): void;
}

export function Dropdown({ value, label, choices, onChange, disabled }: DropdownProps) {
  const items = choices.map((choice) =>
    tag(
      'sp-menu-item',
      // Without a `value`: Preact would set it anew each time, on an element that keeps none.
      { key: choice.value, selected: flag(choice.value === value) },
      choice.label,
    ),
  );
  return tag(
    'sp-dropdown',
    {
      class: 'dropdown',
      title: label,
      quiet: true,
      disabled: flag(disabled),
      // Spectrum's own event, told by mouse and keyboard alike; items are told of clicks only.
      onchange: (event: Event) => {
        const { selectedIndex } = event.target as unknown as { readonly selectedIndex: number };
        const choice = choices[selectedIndex];
        if (choice) onChange(choice.value);
      },
    },
    tag('sp-menu', { slot: 'options' }, ...items),
  );
}

interface CheckboxProps extends Common {
  readonly checked: boolean;
  onChange(checked: boolean): void;
}

export function Checkbox({ checked, onChange, children, ...rest }: CheckboxProps) {
  const told = (event: Event): void => onChange((event.target as HTMLInputElement).checked);
  // Preact leaves `checked` as it is where it is given as undefined.
  const props = { ...rest, checked, onchange: told };
  return tag('sp-checkbox', props, children);
}

interface TextFieldProps extends Common {
  readonly value: string;
  readonly label: string;
  readonly placeholder?: string;
  onInput?(value: string): void;
  onChange?(value: string): void;
}

export function TextField({ value, label, onInput, onChange, ...rest }: TextFieldProps) {
  return tag('sp-textfield', {
    ...rest,
    title: label,
    value,
    quiet: true,
    oninput: onInput && ((event: Event) => onInput(valueOf(event))),
    onchange: onChange && ((event: Event) => onChange(valueOf(event))),
  });
}

/** @param value 0..1; `null` while nobody knows. */
export function ProgressBar(props: { readonly value: number | null; readonly label: string }) {
  const { value, label } = props;
  return tag('sp-progressbar', {
    class: 'progressbar',
    'data-label': label,
    max: 100,
    value: Math.round((value ?? 0) * 100),
  });
}

export const Divider = () => tag('sp-divider', { size: 'small' });

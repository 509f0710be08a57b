import { setChanged, sheetOf, SpectrumElement } from './element';

const sliderSheet = sheetOf(`
  :host { display: flex; align-items: center; height: 24px; }
  input { appearance: none; width: 100%; height: 24px; margin: 0; background: transparent; cursor: pointer; }
  input::-webkit-slider-runnable-track { height: 2px; border-radius: 1px;
    background: linear-gradient(var(--psp-accent-color), var(--psp-accent-color)) 0 0 / var(--filled, 50%) 100% no-repeat,
      var(--uxp-host-border-color); }
  input::-webkit-slider-thumb { appearance: none; width: 12px; height: 12px; margin-top: -5px;
    border-radius: 6px; border: 2px solid var(--uxp-host-text-color); background: var(--uxp-host-background-color); }
  input::-moz-range-track { height: 2px; border-radius: 1px; background: var(--uxp-host-border-color); }
  input::-moz-range-progress { height: 2px; background: var(--psp-accent-color); }
  input::-moz-range-thumb { width: 8px; height: 8px; border-radius: 6px;
    border: 2px solid var(--uxp-host-text-color); background: var(--uxp-host-background-color); }
  input:focus-visible { outline: none; }
  input:focus-visible::-webkit-slider-thumb { border-color: var(--psp-accent-color); }
`);

class Slider extends SpectrumElement {
  static readonly observedAttributes = [
    'min',
    'max',
    'step',
    'value',
    'disabled',
    'title',
    'data-text',
  ];

  constructor() {
    super(sliderSheet, '<input type="range">');
    const input = this.input;
    input.addEventListener('input', (event) => {
      event.stopPropagation();
      this.showFilled();
      this.tell('input');
    });
    input.addEventListener('change', () => this.tell('change'));
  }

  get value(): number {
    return Number(this.input.value);
  }

  set value(value: number) {
    this.setAttribute('value', String(value));
  }

  protected override update(): void {
    const { input } = this;
    const range = ['min', 'max', 'step'].map((name) => [name, this.getAttribute(name) ?? '1']);
    setChanged(input, Object.fromEntries(range));
    input.value = this.getAttribute('value') ?? '0';
    input.disabled = this.hasAttribute('disabled');
    const text = this.dataset['text'] ?? input.value;
    setChanged(input, { 'aria-label': this.title, 'aria-valuetext': text });
    this.showFilled();
  }

  private get input(): HTMLInputElement {
    return this.inside<HTMLInputElement>('input');
  }

  private showFilled(): void {
    const { min, max, value } = this.input;
    const share = (Number(value) - Number(min)) / (Number(max) - Number(min) || 1);
    const filled = `${share * 100}%`;
    if (this.style.getPropertyValue('--filled') === filled) return;
    this.style.setProperty('--filled', filled);
  }
}

const textFieldSheet = sheetOf(`
  :host { display: inline-block; min-width: 60px; }
  input { font: inherit; font-size: 11px; width: 100%; height: 24px; padding: 2px 6px; border-radius: 4px;
    border: 1px solid var(--uxp-host-border-color); background: var(--psp-well-color);
    color: var(--uxp-host-text-color); box-sizing: border-box; }
  input:focus { outline: none; border-color: var(--psp-accent-color); }
  input::placeholder { color: var(--uxp-host-text-color-secondary); }
`);

class TextField extends SpectrumElement {
  static readonly observedAttributes = ['value', 'placeholder', 'disabled', 'title'];

  constructor() {
    super(textFieldSheet, '<input type="text" spellcheck="false" autocomplete="off">');
    this.input.addEventListener('input', (event) => {
      event.stopPropagation();
      this.tell('input');
    });
    this.input.addEventListener('change', () => {
      this.tell('change');
      // Whoever listens may have kept the old value: show what counts.
      this.input.value = this.getAttribute('value') ?? this.input.value;
    });
  }

  get value(): string {
    return this.input.value;
  }

  set value(value: string) {
    this.setAttribute('value', value);
  }

  protected override update(): void {
    this.input.value = this.getAttribute('value') ?? '';
    this.input.placeholder = this.getAttribute('placeholder') ?? '';
    this.input.disabled = this.hasAttribute('disabled');
    this.input.setAttribute('aria-label', this.title);
  }

  private get input(): HTMLInputElement {
    return this.inside<HTMLInputElement>('input');
  }
}

const progressSheet = sheetOf(`
  :host { display: block; height: 4px; border-radius: 2px; overflow: hidden;
    background: var(--uxp-host-border-color); }
  div { height: 4px; border-radius: 2px; background: var(--psp-accent-color); transition: width 150ms; }
`);

class ProgressBar extends SpectrumElement {
  static readonly observedAttributes = ['value', 'max', 'data-label'];

  constructor() {
    super(progressSheet, '<div></div>');
  }

  protected override update(): void {
    const value = Number(this.getAttribute('value') ?? 0);
    const max = Number(this.getAttribute('max') ?? 100);
    this.setAttribute('role', 'progressbar');
    this.setAttribute('aria-valuenow', String(value));
    this.nameAs(this);
    this.inside<HTMLDivElement>('div').style.width = `${(100 * value) / max}%`;
  }
}

const dividerSheet = sheetOf(
  ':host { display: block; height: 1px; background: var(--uxp-host-border-color); }',
);

class Divider extends SpectrumElement {
  constructor() {
    super(dividerSheet, '');
  }
}

export function defineFields(): void {
  customElements.define('sp-slider', Slider);
  customElements.define('sp-textfield', TextField);
  customElements.define('sp-progressbar', ProgressBar);
  customElements.define('sp-divider', Divider);
}

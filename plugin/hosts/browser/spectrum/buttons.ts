import { sheetOf, SpectrumElement } from './element';

const buttonSheet = sheetOf(`
  :host { display: inline-block; margin: 0 4px 4px 0; }
  button { font: inherit; font-size: 11px; font-weight: 600; line-height: 14px; min-height: 24px;
    padding: 3px 12px; border-radius: 12px; border: 1.5px solid var(--uxp-host-border-color);
    background: transparent; color: var(--uxp-host-text-color); cursor: pointer; }
  button:hover { background: var(--uxp-host-widget-hover-background-color); }
  button:focus-visible { outline: 2px solid var(--psp-accent-color); outline-offset: 1px; }
  :host([variant='primary']) button { border-color: var(--uxp-host-text-color-secondary); }
  :host([variant='cta']) button { background: var(--psp-fill-color); border-color: transparent; color: #fff; }
  :host(.run) { margin: 0; }
  :host(.run) button { min-height: 24px; padding: 1px 11px; border-width: 1px; border-color: var(--uxp-host-border-color); }
  :host(.run) button:hover { background: var(--psp-fill-color); border-color: transparent; color: #fff; }
  :host([variant='warning']) button { border-color: #e34850; }
`);

class Button extends SpectrumElement {
  static readonly observedAttributes = ['disabled', 'data-label'];

  constructor() {
    super(buttonSheet, '<button><slot></slot></button>');
  }

  protected override update(): void {
    const button = this.inside<HTMLButtonElement>('button');
    button.disabled = this.hasAttribute('disabled');
    this.nameAs(button);
  }
}

const actionSheet = sheetOf(`
  :host { display: inline-block; }
  button { font: inherit; font-size: 11px; line-height: 14px; min-height: 24px; min-width: 24px;
    padding: 2px 8px; border: 1px solid var(--uxp-host-border-color); border-radius: 4px;
    background: transparent; color: var(--uxp-host-text-color); cursor: pointer; white-space: nowrap; }
  :host(.dice) button { font-size: 15px; padding: 3px 4px; }
  button:hover { background: var(--uxp-host-widget-hover-background-color); }
  button:focus-visible { outline: 2px solid var(--psp-accent-color); outline-offset: -1px; }
  :host([selected]) button { background: var(--uxp-host-widget-hover-background-color);
    border-color: var(--uxp-host-text-color-secondary); }
`);

class ActionButton extends SpectrumElement {
  static readonly observedAttributes = ['disabled', 'selected', 'data-label'];

  constructor() {
    super(actionSheet, '<button><slot></slot></button>');
  }

  protected override update(): void {
    const button = this.inside<HTMLButtonElement>('button');
    button.disabled = this.hasAttribute('disabled');
    if (this.hasAttribute('selected')) button.setAttribute('aria-pressed', 'true');
    else button.removeAttribute('aria-pressed');
    this.nameAs(button);
  }
}

const checkboxSheet = sheetOf(`
  :host { display: inline-flex; }
  label { display: inline-flex; align-items: center; font-size: 11px; cursor: pointer; }
  input { width: 13px; height: 13px; margin: 0 7px 0 0; accent-color: var(--psp-accent-color); }
`);

class Checkbox extends SpectrumElement {
  static readonly observedAttributes = ['checked', 'disabled'];

  constructor() {
    super(checkboxSheet, '<label><input type="checkbox"><span><slot></slot></span></label>');
    this.inside('input').addEventListener('change', () => this.tell('change'));
  }

  get checked(): boolean {
    return this.inside<HTMLInputElement>('input').checked;
  }

  /** Preact writes the property, and an empty text for what is not there. */
  set checked(checked: unknown) {
    this.toggleAttribute('checked', checked === true);
  }

  protected override update(): void {
    const input = this.inside<HTMLInputElement>('input');
    input.checked = this.hasAttribute('checked');
    input.disabled = this.hasAttribute('disabled');
  }
}

export function defineButtons(): void {
  customElements.define('sp-button', Button);
  customElements.define('sp-action-button', ActionButton);
  customElements.define('sp-checkbox', Checkbox);
}

import { sheetOf, SpectrumElement } from './element';

const sheet = sheetOf(`
  :host { display: inline-block; position: relative; }
  select { font: inherit; font-size: 11px; width: 100%; height: 24px; padding: 1px 4px; border-radius: 4px;
    border: 1px solid var(--uxp-host-border-color); background: var(--psp-well-color);
    color: var(--uxp-host-text-color); cursor: pointer; }
  select:focus-visible { outline: none; border-color: var(--psp-accent-color); }
  option { background: var(--uxp-host-background-color); color: var(--uxp-host-text-color); }
  slot { display: none; }
`);

/**
 * The menu items stay in the page as the panel wrote them; a native list mirrors them, and a choice is
 * told as a change, as in Photoshop.
 */
class Dropdown extends SpectrumElement {
  static readonly observedAttributes = ['disabled', 'title'];
  private readonly observer = new MutationObserver(() => this.update());

  constructor() {
    super(sheet, '<select></select><slot name="options"></slot>');
    const select = this.select;
    select.addEventListener('change', (event) => {
      event.stopPropagation();
      this.tell('change');
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const changes = { childList: true, subtree: true, characterData: true, attributes: true };
    this.observer.observe(this, changes);
  }

  disconnectedCallback(): void {
    this.observer.disconnect();
  }

  get selectedIndex(): number {
    return this.select.selectedIndex;
  }

  protected override update(): void {
    const { select } = this;
    select.replaceChildren(
      ...this.items.map((item) => {
        const option = document.createElement('option');
        option.textContent = item.textContent;
        option.selected = item.hasAttribute('selected');
        return option;
      }),
    );
    select.disabled = this.hasAttribute('disabled');
    select.setAttribute('aria-label', this.title);
  }

  private get select(): HTMLSelectElement {
    return this.inside<HTMLSelectElement>('select');
  }

  private get items(): readonly HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('sp-menu-item')];
  }
}

export function defineDropdown(): void {
  customElements.define('sp-dropdown', Dropdown);
}

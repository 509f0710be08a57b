/*
 * Stand-ins for the Spectrum tags that Photoshop's panels have built in: the same names, attributes
 * and events, drawn in the theme's colours. Keyboard and accessibility live here, because the panel
 * itself may not use what UXP lacks.
 */

/** One style sheet for all instances of a tag. */
export function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `:host { font: inherit; } :host([disabled]) { opacity: 0.45; pointer-events: none; } ${css}`,
  );
  return sheet;
}

/** What is set to what it was is drawn anew all the same: with every event of a slider that moves. */
export function setChanged(element: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

/** An element whose looks follow its attributes. */
export abstract class SpectrumElement extends HTMLElement {
  protected readonly root: ShadowRoot;

  constructor(sheet: CSSStyleSheet, html: string) {
    super();
    this.root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    this.root.adoptedStyleSheets = [sheet];
    this.root.innerHTML = html;
  }

  connectedCallback(): void {
    this.update();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before !== after && this.isConnected) this.update();
  }

  /** Brings what is drawn in line with the attributes. */
  protected update(): void {}

  /** What the panel calls it where its text is not enough. */
  protected nameAs(control: HTMLElement): void {
    const { label } = this.dataset;
    if (label !== undefined) control.setAttribute('aria-label', label);
    else control.removeAttribute('aria-label');
  }

  protected inside<E extends Element>(selector: string): E {
    return this.root.querySelector<E>(selector)!;
  }

  protected tell(name: 'input' | 'change'): void {
    this.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  }
}

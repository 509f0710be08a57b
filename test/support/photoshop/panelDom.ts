import { declarationProblems } from './styleRules';

/**
 * As much of a DOM as Preact touches, and as little as a UXP panel promises: what its references do not list
 * throws instead of doing nothing.
 */
const plainTags = ['div', 'span', 'p', 'img', 'button', 'label', 'h1', 'h2', 'ul', 'li', 'a', 'br'];
const spectrumTags = [
  'sp-button',
  'sp-action-button',
  'sp-checkbox',
  'sp-slider',
  'sp-dropdown',
  'sp-menu',
  'sp-menu-item',
  'sp-progressbar',
  'sp-textfield',
  'sp-radio-group',
  'sp-radio',
  'sp-divider',
  'sp-label',
  'sp-body',
  'sp-heading',
  'sp-detail',
  'sp-icon',
];

/**
 * reference-spectrum, "Responding to events" of each widget. Of the items of a dropdown the reference knows `click`,
 * but keys choose them too: only the dropdown's `change` is told of both.
 */
const heardEvents: Readonly<Record<string, readonly string[]>> = {
  'sp-checkbox': ['change', 'input'],
  'sp-dropdown': ['change'],
  'sp-menu': ['change'],
  'sp-menu-item': [],
  'sp-slider': ['change', 'input'],
  'sp-textfield': ['change', 'input'],
};

/** reference-html, Unsupported Attributes. `tabindex` is there because it "does not match the specification". */
const unsupported =
  /^(aria-.*|accesskey|autocapitalize|contenteditable|contextmenu|dir|dropzone|hidden|inputmode|is|item.*|part|spellcheck|tabindex|translate)$/i;

/** A `style` attribute, held to what UXP draws. */
class PanelStyle {
  private text = '';
  get cssText(): string {
    return this.text;
  }
  set cssText(text: string) {
    const [problem] = declarationProblems(text);
    if (problem) throw new Error(problem);
    this.text = text;
  }
}

/** The element that speaks, and what it says of itself. */
type Speaker = PanelNode & { readonly checked?: boolean; readonly value?: string };
type Listener = (event: { readonly type: string; readonly target: Speaker }) => void;

export class PanelNode {
  parentNode: PanelNode | null = null;
  readonly childNodes: PanelNode[] = [];
  readonly style = new PanelStyle();
  readonly attributes = new Map<string, string>();
  selectedIndex = -1;
  private content = '';
  private readonly listeners = new Map<string, Listener>();

  constructor(
    readonly localName: string,
    readonly ownerDocument: PanelDocument,
  ) {}

  /** A text node's content. */
  get data(): string {
    return this.content;
  }
  set data(data: string) {
    this.content = data;
    this.ownerDocument.changed();
  }
  get nodeType(): number {
    return this.localName === '#text' ? 3 : 1;
  }
  get firstChild(): PanelNode | null {
    return this.childNodes[0] ?? null;
  }
  get nextSibling(): PanelNode | null {
    const siblings = this.parentNode?.childNodes ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }
  get namespaceURI(): string {
    return 'http://www.w3.org/1999/xhtml';
  }

  insertBefore(node: PanelNode, before: PanelNode | null): PanelNode {
    if (this.localName === 'button' && node.localName !== '#text') {
      throw new Error(`A <button> of UXP's holds text, no <${node.localName}>`);
    }
    node.remove();
    const at = before === null ? -1 : this.childNodes.indexOf(before);
    if (before !== null && at < 0) throw new Error('insertBefore: not a child');
    this.childNodes.splice(at < 0 ? this.childNodes.length : at, 0, node);
    node.parentNode = this;
    this.ownerDocument.changed();
    return node;
  }
  appendChild(node: PanelNode): PanelNode {
    return this.insertBefore(node, null);
  }
  removeChild(node: PanelNode): void {
    this.childNodes.splice(this.childNodes.indexOf(node), 1);
    node.parentNode = null;
    this.ownerDocument.changed();
  }
  remove(): void {
    this.parentNode?.removeChild(this);
  }

  setAttribute(name: string, value: unknown): void {
    if (unsupported.test(name)) throw new Error(`UXP does not support the attribute ${name}`);
    if (name === 'src' && !String(value).startsWith('data:image/jpeg;base64,')) {
      throw new Error(`An <img> shows a JPEG in base64, not ${String(value).slice(0, 30)}`);
    }
    this.attributes.set(name, String(value));
    this.ownerDocument.changed();
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
    this.ownerDocument.changed();
  }
  addEventListener(type: string, listener: Listener): void {
    if (heardEvents[this.localName]?.includes(type) === false) {
      throw new Error(`A <${this.localName}> does not speak through ${type}`);
    }
    this.listeners.set(type, listener);
  }
  removeEventListener(type: string): void {
    this.listeners.delete(type);
  }

  /** For tests: what a person reads. */
  get text(): string {
    return this.data + this.childNodes.map((child) => child.text).join(' ');
  }
  find(matches: (node: PanelNode) => boolean): PanelNode | null {
    if (matches(this)) return this;
    for (const child of this.childNodes) {
      const found = child.find(matches);
      if (found) return found;
    }
    return null;
  }
  scrollIntoView(): void {}

  click(): void {
    this.tell('click');
  }

  /** Of a dropdown. */
  choose(item: string): void {
    const items = this.childNodes[0]?.childNodes ?? [];
    this.selectedIndex = items.findIndex((each) => each.text === item);
    if (this.selectedIndex < 0) throw new Error(`There is no "${item}" to choose`);
    this.tell('change');
  }

  /** Of a checkbox. */
  toggle(): void {
    this.tell('change', { checked: !this.attributes.has('checked') });
  }

  /** Of a slider: it speaks all the way, and once more where it is let go. */
  drag(...values: readonly number[]): void {
    for (const value of values) this.tell('input', { value: String(value) });
    this.tell('change', { value: String(values.at(-1)) });
  }

  private tell(
    type: string,
    says: { readonly checked?: boolean; readonly value?: string } = {},
  ): void {
    const listener = this.listeners.get(type);
    if (!listener) throw new Error(`<${this.localName}> does not listen to ${type}`);
    const target = Object.assign(Object.create(this) as PanelNode, says);
    listener.call(this, { type, target });
  }
}

/** Reasons for what cannot be pressed that no text of the panel says. */
export function onlyInTooltips(root: PanelNode): readonly string[] {
  const said = root.text;
  const all = (node: PanelNode): readonly PanelNode[] => [node, ...node.childNodes.flatMap(all)];
  return all(root)
    .filter(({ attributes }) => attributes.has('disabled') && attributes.has('title'))
    .map(({ attributes }) => attributes.get('title')!)
    .filter((title) => !said.includes(title));
}

export class PanelDocument {
  private readonly watchers = new Set<() => void>();

  /** A node came, went or reads differently. */
  changed(): void {
    for (const watcher of this.watchers) watcher();
  }

  /** For tests: waits for something that a person would see. */
  appears<T>(look: () => T | null): Promise<T> {
    return new Promise((resolve) => {
      const watcher = (): void => {
        const found = look();
        if (found === null) return;
        this.watchers.delete(watcher);
        resolve(found);
      };
      this.watchers.add(watcher);
      watcher();
    });
  }

  createElement(name: string): PanelNode {
    if (!plainTags.includes(name) && !spectrumTags.includes(name)) {
      throw new Error(`UXP knows no <${name}>`);
    }
    return new PanelNode(name, this);
  }
  createElementNS(_namespace: string, name: string): PanelNode {
    return this.createElement(name);
  }
  createTextNode(data: string): PanelNode {
    const node = new PanelNode('#text', this);
    node.data = String(data);
    return node;
  }
}

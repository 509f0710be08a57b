/**
 * As much of a DOM as Preact touches, and as little as a UXP panel promises: unknown tags, `aria-*` and
 * `hidden` throw instead of doing nothing.
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

type Listener = (event: { readonly type: string; readonly target: PanelNode }) => void;

export class PanelNode {
  parentNode: PanelNode | null = null;
  readonly childNodes: PanelNode[] = [];
  readonly style: Record<string, string> = {};
  readonly attributes = new Map<string, string>();
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
    if (name.startsWith('aria-') || name === 'hidden') throw new Error(`UXP knows no ${name}`);
    // imaging.md, encodeImageData: "you must use jpeg/base64 encoding when assigning to an image element".
    if (name === 'src' && !String(value).startsWith('data:image/jpeg;base64,')) {
      throw new Error(`An <img> shows a JPEG in base64, not ${String(value).slice(0, 30)}`);
    }
    this.attributes.set(name, String(value));
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  addEventListener(type: string, listener: Listener): void {
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
    const listener = this.listeners.get('click');
    if (!listener) throw new Error(`<${this.localName}> does not listen to clicks`);
    listener.call(this, { type: 'click', target: this });
  }
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

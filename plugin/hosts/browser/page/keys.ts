import type { Editor, Tool } from './editor';

const toolKeys: Readonly<Record<string, Tool>> = {
  h: 'hand',
  m: 'rectangle',
  l: 'lasso',
  b: 'brush',
  e: 'eraser',
};

/** The keys an editor's user expects; while a text is typed they are left alone. */
export function listenToKeys(editor: Editor, open: () => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (isTyping(event)) return;
    const handled = event.ctrlKey || event.metaKey ? command(event) : plain(event.key);
    if (handled) event.preventDefault();
  };
  const command = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const document = editor.workspace.active.value;
    const name = key.toLowerCase();
    if (name === 'o') return done(open());
    if (!document) return false;
    if (name === 'z') return done(shiftKey ? document.redo() : document.undo());
    if (name === 'y') return done(document.redo());
    if (name === 's') return done(void editor.savePsd(document));
    if (name === 'd') return done(editor.deselect(document));
    if (name === 'i' && shiftKey) return done(editor.invertSelection(document));
    if (name === '0') return done(editor.fit(document));
    return false;
  };
  const plain = (key: string): boolean => {
    const tool = toolKeys[key];
    if (tool) return done(editor.tool.set(tool));
    if (key === '\\') return done(editor.toggleSplit());
    if (key === 'Escape' && editor.sheet.value !== null) return done(editor.sheet.set(null));
    const resize = { '[': 0.8, ']': 1.25 }[key];
    if (resize === undefined) return false;
    const scaled = Math.round(editor.brushRadius.value * resize);
    return done(editor.brushRadius.set(Math.min(256, Math.max(1, scaled))));
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

/** Whatever was done for it, the key has been used. */
const done = (_: unknown): true => true;

function isTyping({ target }: KeyboardEvent): boolean {
  const tag = target instanceof Element ? target.tagName : '';
  return (
    tag === 'SP-TEXTFIELD' ||
    tag === 'SELECT' ||
    (target instanceof HTMLInputElement && target.type === 'text')
  );
}

import { useEffect, useRef } from 'preact/hooks';
import type { Observable } from '../../../core/observable';
import type { LayeredDocument } from '../document/layeredDocument';
import type { KeptState } from '../keep/session';
import type { Editor } from './editor';
import type { PageTexts } from './texts';
import { themes, type Theme } from './themes';
import { useObservable } from '../../../panel/services';

/** Files, history and the theme. */
export function TopBar(props: {
  readonly editor: Editor;
  readonly theme: Observable<Theme>;
  onOpen(): void;
}) {
  const { editor, theme, onOpen } = props;
  const { texts, workspace } = editor;
  const documents = useObservable(workspace.documents);
  const active = useObservable(workspace.active);
  return (
    <header class="topbar">
      <h1 class="brand">{texts.title}</h1>
      <button class="bar-button" onClick={onOpen}>
        {texts.open}
      </button>
      <FileButtons editor={editor} document={active} />
      <div class="document-tabs">
        {documents.map((document) => (
          <DocumentTab
            key={document.id}
            editor={editor}
            document={document}
            isActive={document === active}
          />
        ))}
      </div>
      <Kept editor={editor} />
      <ThemePicker editor={editor} theme={theme} />
    </header>
  );
}

function FileButtons(props: {
  readonly editor: Editor;
  readonly document: LayeredDocument | null;
}) {
  const { editor, document } = props;
  return document ? <ActiveFileButtons editor={editor} document={document} /> : null;
}

function ActiveFileButtons(props: { readonly editor: Editor; readonly document: LayeredDocument }) {
  const { editor, document } = props;
  const { texts } = editor;
  useObservable(document.state);
  const { undoName, redoName } = document;
  return (
    <>
      <button class="bar-button" onClick={() => void editor.savePsd(document)}>
        {texts.savePsd}
      </button>
      <button class="bar-button" onClick={() => void editor.savePng(document)}>
        {texts.savePng}
      </button>
      <span class="bar-gap" />
      <button
        class="bar-button"
        disabled={undoName === null}
        title={undoName ?? ''}
        onClick={() => document.undo()}
      >
        {texts.undo}
      </button>
      <button
        class="bar-button"
        disabled={redoName === null}
        title={redoName ?? ''}
        onClick={() => document.redo()}
      >
        {texts.redo}
      </button>
    </>
  );
}

function DocumentTab(props: {
  readonly editor: Editor;
  readonly document: LayeredDocument;
  readonly isActive: boolean;
}) {
  const { editor, document, isActive } = props;
  useObservable(document.state);
  const tab = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) tab.current!.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isActive]);
  return (
    <div ref={tab} class={`document-tab ${isActive ? 'document-tab-active' : ''}`}>
      <button
        class="document-name"
        title={document.init.name}
        aria-current={isActive}
        onClick={() => editor.workspace.show(document)}
      >
        {document.init.name}
        {document.isModified ? ' •' : ''}
      </button>
      <button
        class="document-close"
        title={editor.texts.close}
        aria-label={`${editor.texts.close}: ${document.init.name}`}
        onClick={() => editor.close(document, (question) => confirm(question))}
      >
        ×
      </button>
    </div>
  );
}

/** What comes back after a reload or a crash, and how much of the disk it takes. */
function Kept({ editor }: { readonly editor: Editor }) {
  const state = useObservable(editor.kept);
  const { length: open } = useObservable(editor.workspace.documents);
  const { texts } = editor;
  return (
    <span
      class="kept"
      title={state.kind === 'elsewhere' ? texts.kept.elsewhereHint : texts.kept.hint}
      data-kept={state.kind === 'kept' ? 'yes' : 'no'}
    >
      {(open > 0 || state.kind === 'elsewhere') && keptText(state, texts.kept)}
    </span>
  );
}

function keptText(state: KeptState, texts: PageTexts['kept']): string {
  switch (state.kind) {
    case 'off':
      return '';
    case 'elsewhere':
    case 'behind':
    case 'full':
    case 'too-large':
      return texts[state.kind];
    case 'kept': {
      const { results, undoSteps } = state.leftOut;
      const size = `${Math.max(1, Math.round(state.bytes / 1e6))} MB`;
      return results + undoSteps > 0 ? texts.partly(size, results, undoSteps) : texts.yes(size);
    }
  }
}

function ThemePicker(props: { readonly editor: Editor; readonly theme: Observable<Theme> }) {
  const { editor, theme } = props;
  const current = useObservable(theme);
  return (
    <div class="theme-picker" role="group" aria-label={editor.texts.theme}>
      {themes.map((name) => (
        <button
          key={name}
          class={`theme-dot theme-dot-${name} ${name === current ? 'theme-dot-chosen' : ''}`}
          title={editor.texts.themes[name]}
          aria-pressed={name === current}
          data-theme-choice={name}
          onClick={() => theme.set(name)}
        />
      ))}
    </div>
  );
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { pictureEndings } from '../../../../protocol/pictureFiles';
import type { Observable } from '../../../core/observable';
import { Panel, type PanelServices } from '../../../panel';
import { CanvasView } from './CanvasView';
import { ContactSheet } from './ContactSheet';
import { DockHandle } from './DockHandle';
import { dockNames, type Docks } from './docks';
import type { Editor } from './editor';
import { listenToKeys } from './keys';
import { LayersPanel } from './LayersPanel';
import { OptionsBar } from './OptionsBar';
import type { Theme } from './themes';
import { StatusBar, ToolBar } from './ToolBar';
import { TopBar } from './TopBar';
import { useObservable } from '../../../panel/services';

/** HEIC may be read by the browser where the bridge cannot. */
const acceptedFiles = ['.psd', '.psb', ...pictureEndings, 'image/*'].join(',');

/** The whole page: an editor's window with our panel docked at its side. */
export function Page(props: {
  readonly editor: Editor;
  readonly services: PanelServices;
  readonly theme: Observable<Theme>;
  readonly docks: Observable<Docks>;
  readonly sampleUrl: string;
}) {
  const { editor, services, theme, sampleUrl } = props;
  const docks = useObservable(props.docks);
  const document = useObservable(editor.workspace.active);
  const { texts } = editor;
  const input = useRef<HTMLInputElement>(null);
  const [isDropTarget, setDropTarget] = useState(false);
  useEffect(() => listenToKeys(editor, () => input.current?.click()), []);
  const openFiles = (files: FileList | null) => void editor.openFiles([...(files ?? [])]);
  return (
    <div
      class="page-frame"
      onDragOver={(event) => {
        event.preventDefault();
        setDropTarget(true);
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) setDropTarget(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setDropTarget(false);
        openFiles(event.dataTransfer?.files ?? null);
      }}
    >
      <TopBar editor={editor} theme={theme} onOpen={() => input.current?.click()} />
      <input
        ref={input}
        class="file-input"
        aria-label={texts.open}
        type="file"
        multiple
        accept={acceptedFiles}
        onChange={({ currentTarget }) => {
          openFiles(currentTarget.files);
          currentTarget.value = '';
        }}
      />
      <div class="workbench" data-dock={docks.shown ?? 'none'} style={sizesOf(docks)}>
        {document && <ToolBar editor={editor} />}
        <main class="stage" aria-label={document?.init.name ?? texts.title}>
          {document ? (
            <>
              <OptionsBar editor={editor} services={services} document={document} />
              <CanvasView editor={editor} faces={services.faces} document={document} />
              <StatusBar editor={editor} results={services.results} document={document} />
              <ContactSheet editor={editor} services={services} document={document} />
            </>
          ) : (
            <EmptyStage
              editor={editor}
              sampleUrl={sampleUrl}
              onOpen={() => input.current?.click()}
            />
          )}
          <MessageLine editor={editor} />
          {isDropTarget && <div class="drop-frame" />}
        </main>
        <DockTabs editor={editor} docks={props.docks} hasLayers={document !== null} />
        {document && (
          <DockHandle docks={props.docks} side="layers" label={texts.resize(texts.layers)} />
        )}
        {document && (
          <aside class="dock dock-layers" aria-label={texts.layers}>
            <LayersPanel editor={editor} document={document} />
          </aside>
        )}
        <DockHandle docks={props.docks} side="panel" label={texts.resize(texts.panel)} />
        <aside
          class="dock dock-panel"
          aria-label={texts.panel}
          data-test="panel"
          onMouseOver={({ target }) =>
            editor.showsFaces.set(
              target instanceof Element && target.closest('.layer-card') !== null,
            )
          }
          onMouseLeave={() => editor.showsFaces.set(false)}
        >
          <Panel services={services} />
        </aside>
      </div>
    </div>
  );
}

const sizesOf = ({ layers, panel, height }: Docks): string =>
  `--layers-width: ${layers}px; --panel-width: ${panel}px; --dock-height: ${height}px`;

/** In a small window: which dock is shown below the picture. Its own tab folds it away. */
function DockTabs(props: {
  readonly editor: Editor;
  readonly docks: Observable<Docks>;
  readonly hasLayers: boolean;
}) {
  const { editor, docks, hasLayers } = props;
  const { texts } = editor;
  const { shown } = useObservable(docks);
  const names = dockNames.filter((name) => name === 'panel' || hasLayers);
  return (
    <nav class="dock-tabs" aria-label={texts.docks}>
      {shown !== null && (
        <DockHandle docks={docks} side="height" label={texts.resize(texts.docks)} />
      )}
      <div>
        {names.map((name) => (
          <button
            key={name}
            class={`bar-button ${name === shown ? 'bar-button-on' : ''}`}
            aria-expanded={name === shown}
            data-dock-tab={name}
            onClick={() => docks.update((all) => ({ ...all, shown: shown === name ? null : name }))}
          >
            {texts[name]}
          </button>
        ))}
      </div>
    </nav>
  );
}

function EmptyStage(props: {
  readonly editor: Editor;
  readonly sampleUrl: string;
  onOpen(): void;
}) {
  const { editor, sampleUrl, onOpen } = props;
  const { texts } = editor;
  const openSample = async () => {
    const blob = await (await fetch(sampleUrl)).blob();
    await editor.open(blob, 'astronaut.png');
  };
  return (
    <div class="empty">
      <p class="empty-title">{texts.dropTitle}</p>
      <p class="muted">{texts.dropHelp}</p>
      <div class="empty-actions">
        <button class="big-button" onClick={onOpen}>
          {texts.open}
        </button>
        <button class="big-button big-button-quiet" onClick={() => void openSample()}>
          <img class="sample-picture" src={sampleUrl} alt="" />
          {texts.sample}
        </button>
      </div>
    </div>
  );
}

function MessageLine({ editor }: { readonly editor: Editor }) {
  const message = useObservable(editor.message);
  if (!message) return null;
  return (
    <div class={`message message-${message.kind}`} role="status" data-test="message">
      <span>{message.text}</span>
      {message.kind !== 'busy' && (
        <button
          class="message-close"
          aria-label={editor.texts.close}
          onClick={() => editor.message.set(null)}
        >
          ×
        </button>
      )}
    </div>
  );
}

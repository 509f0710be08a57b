import type { Results } from '../../../core/results';
import { findLayer } from '../document/layer';
import type { LayeredDocument } from '../document/layeredDocument';
import { tools, type Editor } from './editor';
import { Icon } from './icons';
import { useObservable } from '../../../panel/services';

export function ToolBar(props: { readonly editor: Editor }) {
  const { editor } = props;
  const current = useObservable(editor.tool);
  return (
    <section class="toolbar" aria-label={editor.texts.toolBar}>
      <div role="toolbar" aria-label={editor.texts.toolBar} aria-orientation="vertical">
        {tools.map((tool) => (
          <button
            key={tool}
            class={`tool ${tool === current ? 'tool-chosen' : ''}`}
            title={editor.texts.tools[tool]}
            aria-pressed={tool === current}
            data-tool={tool}
            onClick={() => editor.tool.set(tool)}
          >
            <Icon name={tool} />
          </button>
        ))}
      </div>
    </section>
  );
}

/** Below the canvas: the scale, the document's size, what is left out of the view. */
export function StatusBar(props: {
  readonly editor: Editor;
  readonly results: Results;
  readonly document: LayeredDocument;
}) {
  const { editor, document } = props;
  const { texts } = editor;
  const camera = useObservable(editor.cameraOf(document));
  const { width, height, depth } = document.init;
  const percent = (camera.scale / devicePixelRatio) * 100;
  return (
    <div class="statusbar">
      <button class="bar-button" title="Ctrl+0" onClick={() => editor.fit(document)}>
        {`${percent < 10 ? percent.toFixed(1) : Math.round(percent)} % · ${texts.fit}`}
      </button>
      <span class="muted">{`${width} × ${height} · ${depth} bit`}</span>
      <Solo editor={editor} document={document} />
      <span class="bar-space" />
      <SheetButton editor={editor} results={props.results} document={document} />
      <Split editor={editor} />
    </div>
  );
}

function Solo(props: { readonly editor: Editor; readonly document: LayeredDocument }) {
  const { editor, document } = props;
  const solo = useObservable(editor.solo);
  const { layers } = useObservable(document.state);
  const layer = solo === null ? null : findLayer(layers, solo);
  if (!layer) return null;
  return (
    <>
      <span class="solo ellipsis" data-test="solo">
        {editor.texts.solo(layer.name)}
      </span>
      <button class="bar-button" onClick={() => editor.solo.set(null)}>
        {editor.texts.showAll}
      </button>
    </>
  );
}

/** Opens the variants of the newest result that has some. */
function SheetButton(props: {
  readonly editor: Editor;
  readonly results: Results;
  readonly document: LayeredDocument;
}) {
  const { editor, document } = props;
  const results = useObservable(props.results.list);
  const result = results.find(
    ({ layers }) => layers.length > 1 && layers[0]!.handle.documentId === document.id,
  );
  if (!result) return null;
  return (
    <button
      class="bar-button"
      data-test="open-sheet"
      onClick={() => editor.sheet.set(result.job.id)}
    >
      {editor.texts.sheet.open}
    </button>
  );
}

/** Before and after on the canvas; the divider follows the pointer there, and keys and taps here. */
function Split({ editor }: { readonly editor: Editor }) {
  const { texts } = editor;
  const split = useObservable(editor.split);
  return (
    <>
      {split !== null && (
        <label class="bar-slider">
          <input
            type="range"
            min="0"
            max="100"
            value={split * 100}
            aria-label={texts.divider}
            aria-valuetext={`${Math.round(split * 100)} %`}
            onInput={({ currentTarget }) => editor.split.set(Number(currentTarget.value) / 100)}
          />
        </label>
      )}
      <button
        class={`bar-button ${split === null ? '' : 'bar-button-on'}`}
        title="\"
        aria-pressed={split !== null}
        data-test="split"
        onClick={() => editor.toggleSplit()}
      >
        {texts.split}
      </button>
    </>
  );
}

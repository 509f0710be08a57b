import type { FaceSearch } from '../../../core/faceSearch';
import { faceParts } from '../document/facePart';
import type { LayeredDocument } from '../document/layeredDocument';
import type { Editor, Tool } from './editor';
import { Icon } from './icons';
import { useObservable } from '../../../panel/services';

const tools: readonly Tool[] = ['hand', 'rectangle', 'brush', 'eraser'];

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

/** Below the canvas: the scale, the document's size, the brush. */
export function StatusBar(props: {
  readonly editor: Editor;
  readonly faces: FaceSearch;
  readonly document: LayeredDocument;
}) {
  const { editor, faces, document } = props;
  const found = useObservable(faces.state);
  const { texts } = editor;
  const camera = useObservable(editor.cameraOf(document));
  const tool = useObservable(editor.tool);
  const radius = useObservable(editor.brushRadius);
  const split = useObservable(editor.split);
  const { selection } = useObservable(document.state);
  const { width, height, depth } = document.init;
  const percent = (camera.scale / devicePixelRatio) * 100;
  return (
    <div class="statusbar">
      <button class="bar-button" title="Ctrl+0" onClick={() => editor.fit(document)}>
        {`${percent < 10 ? percent.toFixed(1) : Math.round(percent)} % · ${texts.fit}`}
      </button>
      <span class="muted">{`${width} × ${height} · ${depth} bit`}</span>
      {(tool === 'brush' || tool === 'eraser') && (
        <label class="brush-size">
          {texts.brush}
          <input
            type="range"
            min="1"
            max="256"
            value={radius}
            aria-valuetext={`${radius * 2} px`}
            onInput={({ currentTarget }) => editor.brushRadius.set(Number(currentTarget.value))}
          />
          {`${radius * 2} px`}
        </label>
      )}
      <span class="bar-space" />
      {selection && (
        <button class="bar-button" title="Ctrl+D" onClick={() => editor.deselect(document)}>
          {texts.deselect}
        </button>
      )}
      <button
        class="bar-button"
        title="\\"
        aria-pressed={split !== null}
        data-test="split"
        onClick={() => editor.toggleSplit()}
      >
        {texts.split}
      </button>
      {found.kind === 'found' &&
        found.found.faces.length > 0 &&
        found.target.documentId === document.id && (
          <span class="select-parts" role="group" aria-label={texts.selectPart}>
            <span class="muted">{texts.selectPart}</span>
            {faceParts.map((part) => (
              <button
                key={part}
                class="bar-button"
                data-part={part}
                onClick={() => editor.selectPart(document, found.found.faces, part)}
              >
                {texts.parts[part]}
              </button>
            ))}
          </span>
        )}
    </div>
  );
}

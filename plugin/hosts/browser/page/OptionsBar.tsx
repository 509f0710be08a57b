import { faceParts } from '../../../../protocol/facePart';
import { findPart } from '../../../core/findPart';
import { useObservable, type PanelServices } from '../../../panel/services';
import type { LayeredDocument } from '../document/layeredDocument';
import { selectModes, type Editor } from './editor';
import { Icon } from './icons';
import { Swatches, usePaintsLabels } from './Labels';
import { modeOf } from './strokes';

interface Props {
  readonly editor: Editor;
  readonly document: LayeredDocument;
}

/** Above the canvas: how the tool in hand works, and what can be done with the selection. */
export function OptionsBar(props: Props & { readonly services: PanelServices }) {
  const { editor, document, services } = props;
  const tool = useObservable(editor.tool);
  const { selection } = useObservable(document.state);
  const paintsLabels = usePaintsLabels(document, services);
  return (
    <section class="optionsbar" aria-label={editor.texts.options}>
      {(tool === 'rectangle' || tool === 'lasso') && <Modes editor={editor} />}
      {(tool === 'brush' || tool === 'eraser') && <BrushSize editor={editor} />}
      {paintsLabels ? (
        <Swatches editor={editor} />
      ) : (
        <Parts editor={editor} document={document} services={services} />
      )}
      <span class="bar-space" />
      {selection && <SelectionActions editor={editor} document={document} />}
    </section>
  );
}

function Modes({ editor }: { readonly editor: Editor }) {
  const current = useObservable(editor.selectMode);
  return (
    <span class="modes" role="group" aria-label={editor.texts.selectMode}>
      {selectModes.map((mode) => (
        <button
          key={mode}
          class={`icon-button ${mode === current ? 'mode-chosen' : ''}`}
          title={editor.texts.modes[mode]}
          aria-label={editor.texts.modes[mode]}
          aria-pressed={mode === current}
          data-mode={mode}
          onClick={() => editor.selectMode.set(mode)}
        >
          <Icon name={mode} />
        </button>
      ))}
    </span>
  );
}

function BrushSize({ editor }: { readonly editor: Editor }) {
  const radius = useObservable(editor.brushRadius);
  return (
    <label class="bar-slider">
      {editor.texts.brush}
      <input
        type="range"
        min="1"
        max="256"
        value={radius}
        aria-valuetext={`${radius * 2} px`}
        onInput={({ currentTarget }) => editor.brushRadius.set(Number(currentTarget.value))}
      />
      <span class="bar-value">{`${radius * 2} px`}</span>
    </label>
  );
}

function Parts({ editor, document, services }: Props & { readonly services: PanelServices }) {
  const { host, bridge, faces, faceChoice } = services;
  const state = useObservable(faces.state);
  const { texts } = editor;
  if (state.kind !== 'found' || state.target.documentId !== document.id) return null;
  const { found } = state;
  if (found.faces.length === 0) return null;
  return (
    <span class="select-parts" role="group" aria-label={texts.selectPart}>
      <span class="muted">{texts.selectPart}</span>
      {faceParts.map((part) => (
        <button
          key={part}
          class="bar-button"
          data-part={part}
          onClick={({ altKey, shiftKey }) =>
            void editor.selectPart(document, part, modeOf(editor, altKey, shiftKey), () =>
              findPart(host, bridge, found, faceChoice.value, part),
            )
          }
        >
          {texts.parts[part]}
        </button>
      ))}
    </span>
  );
}

function SelectionActions({ editor, document }: Props) {
  const { texts } = editor;
  const radius = useObservable(document.state).selection?.feather?.radius ?? 0;
  return (
    <>
      <label class="bar-slider">
        {texts.feather}
        <input
          type="range"
          min="0"
          max="64"
          value={radius}
          aria-valuetext={`${radius} px`}
          data-test="feather"
          onInput={({ currentTarget }) => editor.feather(document, Number(currentTarget.value))}
        />
        <span class="bar-value">{`${radius} px`}</span>
      </label>
      <button
        class="bar-button"
        title="Ctrl+Shift+I"
        onClick={() => editor.invertSelection(document)}
      >
        {texts.invert}
      </button>
      <button class="bar-button" title="Ctrl+D" onClick={() => editor.deselect(document)}>
        {texts.deselect}
      </button>
    </>
  );
}

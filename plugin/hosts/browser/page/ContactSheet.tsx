import { useEffect, useRef, useState } from 'preact/hooks';
import { unionBounds, type Bounds } from '../../../../protocol/geometry';
import { samePerson } from '../../../../protocol/samePerson';
import type { MadeLayer } from '../../../core/job';
import { rivalsOf, type Result } from '../../../core/results';
import type { PanelServices } from '../../../panel';
import { useObservable } from '../../../panel/services';
import { chooseTexts, operationLabel } from '../../../panel/texts';
import { replaceLayers, type Layer } from '../document/layer';
import type { LayeredDocument } from '../document/layeredDocument';
import { drawLayers } from '../view/drawLayers';
import { frame } from '../view/camera';
import type { Editor } from './editor';

interface Props {
  readonly editor: Editor;
  readonly services: PanelServices;
  readonly document: LayeredDocument;
}

/** The variants of a result beside each other over the canvas: to choose, keep, discard and compare. */
export function ContactSheet(props: Props) {
  const id = useObservable(props.editor.sheet);
  const results = useObservable(props.services.results.list);
  const result = results.find(({ job }) => job.id === id);
  if (!result || result.layers[0]!.handle.documentId !== props.document.id) return null;
  return <Sheet key={id} {...props} result={result} />;
}

function Sheet(props: Props & { readonly result: Result }) {
  const { editor, services, document, result } = props;
  const { results } = services;
  const texts = editor.texts.sheet;
  const { language } = useObservable(services.settings);
  const panelTexts = chooseTexts(language, services.platform.systemLanguage);
  useObservable(results.chosen);
  const chosen = results.chosenOf(result);
  const [marked, setMarked] = useState<readonly string[]>([]);
  const isMarked = ({ handle }: MadeLayer) => marked.includes(handle.layerId);
  const compared = result.layers.filter(isMarked);
  const isComparing = compared.length > 1;
  const shown = isComparing ? compared : result.layers;
  const attempt = (work: Promise<void>) => void work.catch((error) => editor.showError(error));
  const { layers } = useObservable(document.state);
  const place = unionBounds(result.layers.map(({ bounds }) => bounds));
  const close = () => editor.sheet.set(null);
  return (
    <section class="sheet" aria-label={texts.open} data-test="sheet">
      <div class="sheet-head">
        <strong class="sheet-title ellipsis">
          {texts.title(
            operationLabel(panelTexts, result.job.order.operation),
            result.layers.length,
          )}
        </strong>
        {isComparing && (
          <button class="bar-button" onClick={() => setMarked([])}>
            {texts.all}
          </button>
        )}
        <button
          class="bar-button"
          onClick={() => {
            attempt(results.keep(result, chosen, panelTexts.result.keep));
            close();
          }}
        >
          {texts.keep}
        </button>
        <button
          class="bar-button"
          onClick={() => attempt(results.discard(result.layers, panelTexts.result.discard))}
        >
          {texts.discard}
        </button>
        <button class="bar-button" onClick={close}>
          {texts.close}
        </button>
      </div>
      <div class="sheet-cells">
        {!isComparing && (
          <figure class="sheet-cell">
            <Cell editor={editor} layers={without(layers, result.layers)} place={place} />
            <figcaption>{editor.texts.before}</figcaption>
          </figure>
        )}
        {shown.map((layer) => (
          <figure
            key={layer.handle.layerId}
            class={`sheet-cell ${layer === chosen ? 'sheet-cell-chosen' : ''}`}
            data-variant={layer.variant}
          >
            <button
              class="sheet-picture"
              aria-label={nameOf(editor, result, layer)}
              aria-pressed={layer === chosen}
              onClick={() => attempt(results.choose(result, layer, panelTexts.result.chooseStep))}
              onDblClick={close}
            >
              <Cell editor={editor} layers={showing(layers, result, layer)} place={place} />
            </button>
            <figcaption>
              <span class="grow">{nameOf(editor, result, layer)}</span>
              <span class="sheet-actions">
                <button
                  class={`bar-button ${isMarked(layer) ? 'bar-button-on' : ''}`}
                  aria-pressed={isMarked(layer)}
                  onClick={() => setMarked(toggled(marked, layer.handle.layerId))}
                >
                  {texts.compare}
                </button>
                <button
                  class="bar-button"
                  onClick={() => attempt(results.discard([layer], panelTexts.result.discard))}
                >
                  {texts.drop}
                </button>
              </span>
            </figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}

const toggled = (all: readonly string[], id: string): readonly string[] =>
  all.includes(id) ? all.filter((other) => other !== id) : [...all, id];

function nameOf({ texts }: Editor, { layers }: Result, layer: MadeLayer): string {
  const { variant, seed, identity, faceNumber } = layer;
  const severalFaces = layers.some((other) => other.faceNumber !== faceNumber);
  const parts = [texts.sheet.variant(variant)];
  if (severalFaces && faceNumber !== null) parts.push(texts.sheet.face(faceNumber));
  if (seed !== null) parts.push(texts.sheet.seed(seed));
  if (identity !== null) {
    const say = identity < samePerson ? texts.sheet.anotherPerson : texts.sheet.likeness;
    parts.push(say(Math.round(identity * 100)));
  }
  return parts.join(' · ');
}

const withVisible = (all: readonly Layer[], { handle }: MadeLayer, visible: boolean) =>
  replaceLayers(all, handle.layerId, (layer) => [{ ...layer, visible }]);

/** The document as it was before these were made. */
const without = (layers: readonly Layer[], made: readonly MadeLayer[]): readonly Layer[] =>
  made.reduce((all, layer) => withVisible(all, layer, false), layers);

/** The document as choosing this variant would leave it. */
const showing = (layers: readonly Layer[], result: Result, chosen: MadeLayer): readonly Layer[] =>
  withVisible(without(layers, rivalsOf(result, chosen)), chosen, true);

/** A place of the document, as large as the cell allows. */
function Cell(props: {
  readonly editor: Editor;
  readonly layers: readonly Layer[];
  readonly place: Bounds;
}) {
  const { editor, layers, place } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const painted = useObservable(editor.painted);
  const [size, setSize] = useState({ width: 1, height: 1 });
  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(() =>
      setSize({
        width: Math.max(1, Math.round(element.clientWidth * devicePixelRatio)),
        height: Math.max(1, Math.round(element.clientHeight * devicePixelRatio)),
      }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = canvas.current!;
    Object.assign(element, size);
    const context = element.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    drawLayers(context, layers, editor.bitmaps, frame(place, size, 8));
  }, [size, layers, painted]);
  return <canvas ref={canvas} class="sheet-canvas" aria-hidden="true" />;
}

import { useEffect, useRef } from 'preact/hooks';
import { findLayer, replaceLayers, type Layer } from '../document/layer';
import type { LayeredDocument } from '../document/layeredDocument';
import type { Editor } from './editor';
import { Icon } from './icons';
import { useObservable } from '../../../panel/services';

const thumbnailSide = 28;

/** The layers, top first, with visibility, masks and opacity. */
export function LayersPanel(props: {
  readonly editor: Editor;
  readonly document: LayeredDocument;
}) {
  const { editor, document } = props;
  const { texts } = editor;
  const { layers } = useObservable(document.state);
  const selectedIds = useObservable(document.selectedIds);
  const [only] = selectedIds;
  const selected = only === undefined ? null : findLayer(layers, only);
  const change = (name: string, id: string, part: Partial<Pick<Layer, 'visible' | 'opacity'>>) =>
    document.amend(name, id, (state) => ({
      ...state,
      layers: replaceLayers(state.layers, id, (layer) => [{ ...layer, ...part } as Layer]),
    }));
  return (
    <div class="layers" data-test="layers">
      <div class="layers-head">
        <h2 class="layers-title">{texts.layers}</h2>
        <label class="layers-opacity">
          {texts.opacity}
          <input
            type="range"
            min="0"
            max="100"
            disabled={!selected}
            value={Math.round((selected?.opacity ?? 1) * 100)}
            aria-valuetext={`${Math.round((selected?.opacity ?? 1) * 100)} %`}
            onInput={({ currentTarget }) => {
              if (selected) {
                change(texts.opacity, selected.id, { opacity: Number(currentTarget.value) / 100 });
              }
            }}
          />
          <span class="layers-percent">{`${Math.round((selected?.opacity ?? 1) * 100)} %`}</span>
        </label>
        <button
          class="icon-button"
          title={selected?.fileIndex === null ? texts.remove : texts.keptLayer}
          aria-label={texts.remove}
          disabled={selected?.fileIndex !== null}
          onClick={() => selected && editor.removeLayer(document, selected.id)}
        >
          <Icon name="trash" />
        </button>
      </div>
      <div class="layers-list">
        <LayerRows
          editor={editor}
          document={document}
          layers={layers}
          selectedIds={selectedIds}
          indent={0}
          onToggle={({ id, visible }) =>
            change(visible ? texts.hide : texts.show, id, { visible: !visible })
          }
        />
      </div>
      {document.init.psd && <p class="layers-note">{texts.psdNote}</p>}
      {document.init.remarks.map((remark) => (
        <p key={remark} class="layers-note">
          {texts.remarks[remark]}
        </p>
      ))}
    </div>
  );
}

interface RowsProps {
  readonly editor: Editor;
  readonly document: LayeredDocument;
  readonly layers: readonly Layer[];
  readonly selectedIds: readonly string[];
  readonly indent: number;
  onToggle(layer: Layer): void;
}

function LayerRows({ layers, ...shared }: RowsProps) {
  return (
    <>
      {[...layers].reverse().map((layer) => (
        <LayerRow key={layer.id} {...shared} layer={layer} />
      ))}
    </>
  );
}

function LayerRow(props: Omit<RowsProps, 'layers'> & { readonly layer: Layer }) {
  const { editor, document, layer, selectedIds, indent, onToggle } = props;
  const { texts } = editor;
  const isSelected = selectedIds.includes(layer.id);
  const select = (event: MouseEvent) => {
    if (!event.ctrlKey && !event.metaKey) return document.selectedIds.set([layer.id]);
    const others = selectedIds.filter((id) => id !== layer.id);
    document.selectedIds.set(isSelected && others.length > 0 ? others : [...others, layer.id]);
  };
  return (
    <>
      <div
        class={`layer-row ${isSelected ? 'layer-row-selected' : ''}`}
        data-layer={layer.name}
        data-kind={layer.kind}
      >
        <button
          class="icon-button eye"
          title={`${layer.visible ? texts.hide : texts.show}. ${texts.soloHint}`}
          aria-label={`${layer.visible ? texts.hide : texts.show}: ${layer.name}`}
          onClick={({ altKey }) => (altKey ? editor.toggleSolo(layer.id) : onToggle(layer))}
        >
          <Icon name={layer.visible ? 'eye' : 'eyeOff'} />
        </button>
        <button
          class="layer-name"
          style={`padding-left: ${4 + indent * 14}px`}
          title={layer.name}
          aria-pressed={isSelected}
          onClick={select}
        >
          {layer.kind === 'group' ? (
            <Icon name="folder" />
          ) : (
            <Thumbnail editor={editor} document={document} layer={layer} />
          )}
          {layer.kind === 'pixel' && layer.mask && (
            <MaskThumbnail document={document} layer={layer} />
          )}
          <LayerName layer={layer} />
        </button>
      </div>
      {layer.kind === 'group' && (
        <LayerRows
          editor={editor}
          document={document}
          layers={layer.children}
          selectedIds={selectedIds}
          indent={indent + 1}
          onToggle={onToggle}
        />
      )}
    </>
  );
}

/** Results bear long names, "Frontalize · face 2 · starter · seed 7": the rest goes below. */
function LayerName({ layer }: { readonly layer: Layer }) {
  const [first, ...rest] = layer.name.split(' · ');
  // The seed stands last and is what tells variants apart: it must not be the part that is cut off.
  const details = rest.length > 2 ? [rest.at(-1), ...rest.slice(0, -1)] : rest;
  return (
    <span class={`layer-text ${layer.visible ? '' : 'layer-hidden'}`}>
      <span class="layer-first">{first}</span>
      {details.length > 0 && <span class="layer-rest">{details.join(' · ')}</span>}
    </span>
  );
}

interface ThumbnailProps {
  readonly document: LayeredDocument;
  readonly layer: Extract<Layer, { readonly kind: 'pixel' }>;
}

/** Where a layer lies on a thumbnail of the whole document. */
function frameOf(document: LayeredDocument, bounds: ThumbnailProps['layer']['bounds']) {
  const { width, height } = document.init;
  const scale = (thumbnailSide * devicePixelRatio) / Math.max(width, height);
  return [
    bounds.left * scale,
    bounds.top * scale,
    (bounds.right - bounds.left) * scale,
    (bounds.bottom - bounds.top) * scale,
  ] as const;
}

function thumbnailSize(document: LayeredDocument) {
  const { width, height } = document.init;
  const scale = (thumbnailSide * devicePixelRatio) / Math.max(width, height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

function Thumbnail({ editor, document, layer }: ThumbnailProps & { readonly editor: Editor }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painted = useObservable(editor.painted);
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const bitmap = editor.bitmaps.of(layer);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.imageSmoothingQuality = 'high';
    if (bitmap) context.drawImage(bitmap, ...frameOf(document, layer.bounds));
  }, [layer, painted]);
  return <canvas ref={canvas} class="thumbnail thumbnail-pixels" {...thumbnailSize(document)} />;
}

function MaskThumbnail({ document, layer }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { mask } = layer;
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    if (!mask) return;
    context.fillStyle = mask.outside === 0 ? '#000000' : '#ffffff';
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    if (mask.mask.width === 0 || mask.mask.height === 0) return;
    const own = new OffscreenCanvas(mask.mask.width, mask.mask.height);
    const grey = new Uint8ClampedArray(mask.mask.data.length * 4).fill(255);
    mask.mask.data.forEach((value, i) => grey.fill(value, i * 4, i * 4 + 3));
    const image = new ImageData(grey, mask.mask.width, mask.mask.height);
    own.getContext('2d')!.putImageData(image, 0, 0);
    context.drawImage(own, ...frameOf(document, mask.bounds));
  }, [mask]);
  return <canvas ref={canvas} class="thumbnail thumbnail-mask" {...thumbnailSize(document)} />;
}

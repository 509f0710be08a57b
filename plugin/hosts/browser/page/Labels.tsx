import { useEffect } from 'preact/hooks';
import { partPalette } from '../../../../protocol/partPalette';
import { useObservable, type PanelServices } from '../../../panel/services';
import { isLabelMap } from '../document/labelMap';
import { findLayer } from '../document/layer';
import type { LayeredDocument } from '../document/layeredDocument';
import type { Editor } from './editor';

/** Whether label maps are painted: one is selected, or an operation that reads one is unfolded. */
export function usePaintsLabels(document: LayeredDocument, services: PanelServices): boolean {
  const connection = useObservable(services.connection);
  const unfolded = useObservable(services.unfolded);
  const { layers } = useObservable(document.state);
  const [selectedId] = useObservable(document.selectedIds);
  const isWanted =
    connection.kind === 'ready' &&
    connection.capabilities.operations.some(
      ({ id, input }) => id === unfolded && input === 'label-map',
    );
  return isWanted || isLabelMap(selectedId === undefined ? null : findLayer(layers, selectedId));
}

/** The palette of label maps. */
export function Swatches({ editor }: { readonly editor: Editor }) {
  const chosen = useObservable(editor.label);
  const { texts } = editor;
  // Without its swatches nobody would know what the brush paints.
  useEffect(() => () => editor.label.set(null), [editor]);
  return (
    <span class="labels" role="group" aria-label={texts.labelMap}>
      {partPalette.map(({ name, rgb }) => (
        <button
          key={name}
          class={`swatch ${name === chosen ? 'swatch-chosen' : ''}`}
          style={`background: rgb(${rgb.join(' ')})`}
          title={texts.labels[name]}
          aria-label={texts.labels[name]}
          aria-pressed={name === chosen}
          data-swatch={name}
          onClick={() => {
            editor.label.set(name === chosen ? null : name);
            if (name !== chosen) editor.tool.set('brush');
          }}
        />
      ))}
      <span class="muted">{chosen ? texts.labels[chosen] : texts.labelMap}</span>
    </span>
  );
}

import type { MadeLayer } from '../core/job';
import { Picture } from './Picture';
import { useSemantics, useServices, useTexts } from './services';
import { ActionButton } from './spectrum';

/** The variants of a result: the chosen one alone is shown in the document; the others can go. */
export function Variants(props: {
  readonly layers: readonly MadeLayer[];
  readonly chosen: MadeLayer;
  readonly compared: MadeLayer | null;
  onChoose(layer: MadeLayer): void;
  onCompare(layer: MadeLayer | null): void;
  attempt(work: Promise<void>): void;
}) {
  const { host } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const { layers, chosen, compared, onChoose, onCompare, attempt } = props;
  const rivalsOf = (layer: MadeLayer) =>
    layers.filter((other) => other !== layer && other.faceNumber === layer.faceNumber);
  const handles = (made: readonly MadeLayer[]) => made.map(({ handle }) => handle);
  const rivals = rivalsOf(chosen);

  const choose = (layer: MadeLayer) => {
    onChoose(layer);
    attempt(
      host.changeLayers(texts.result.chooseStep, {
        show: [layer.handle],
        hide: handles(rivalsOf(layer)),
      }),
    );
  };
  return (
    <div class="variants">
      <div class="chips">
        {layers.map((layer) => (
          <button
            key={layer.handle.layerId}
            class={`chip ${layer === chosen ? 'chip-chosen' : ''}`}
            title={layer.name}
            {...semantics({ pressed: layer === chosen })}
            onClick={() => choose(layer)}
          >
            <Picture class="chip-picture" pixels={layer.after} label={layer.name} />
            <span class="chip-number">{layer.variant}</span>
          </button>
        ))}
      </div>
      <div class="row actions">
        {rivals.length > 0 && (
          <ActionButton
            class="small-action"
            title={texts.result.keepHint}
            onClick={() =>
              attempt(
                host.changeLayers(texts.result.keep, {
                  show: [chosen.handle],
                  remove: handles(rivals),
                }),
              )
            }
          >
            {texts.result.keep}
          </ActionButton>
        )}
        <ActionButton
          class="small-action"
          title={texts.result.discardHint}
          onClick={() =>
            attempt(host.changeLayers(texts.result.discard, { remove: handles(layers) }))
          }
        >
          {texts.result.discard}
        </ActionButton>
        {rivals.map((rival) => (
          <ActionButton
            key={rival.handle.layerId}
            class="small-action"
            selected={rival === compared}
            onClick={() => onCompare(rival === compared ? null : rival)}
          >
            {texts.result.compare(rival.variant)}
          </ActionButton>
        ))}
      </div>
    </div>
  );
}

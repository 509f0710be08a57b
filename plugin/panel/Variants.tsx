import type { MadeLayer } from '../core/job';
import { rivalsOf, type Result } from '../core/results';
import { numberOf } from './numberOf';
import { Press } from './Press';
import { useSemantics, useServices, useTexts } from './services';
import { ActionButton } from './spectrum';
import { Thumbnail } from './Thumbnail';

/** The variants of a result: the chosen one alone is shown in the document; the others can go. */
export function Variants(props: {
  readonly result: Result;
  readonly chosen: MadeLayer;
  readonly compared: MadeLayer | null;
  onCompare(layer: MadeLayer | null): void;
  attempt(work: Promise<void>): void;
}) {
  const { results } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const { result, chosen, compared, onCompare, attempt } = props;
  const { layers } = result;
  const rivals = rivalsOf(result, chosen);
  const isCompared = ({ handle }: MadeLayer) => handle.layerId === compared?.handle.layerId;
  const choose = (layer: MadeLayer) => {
    onCompare(null);
    attempt(results.choose(result, layer, texts.result.chooseStep));
  };
  return (
    <div class="variants">
      <div class="chips">
        {layers.map((layer) => (
          <div key={layer.handle.layerId} class={`chip ${layer === chosen ? 'chip-chosen' : ''}`}>
            <Thumbnail class="chip-picture" pixels={layer.after} />
            <span class="chip-number" {...semantics({ hidden: true })}>
              {numberOf(layer, layers)}
            </span>
            <Press
              label={layer.name}
              title={layer.name}
              means={{ pressed: layer === chosen }}
              onClick={() => choose(layer)}
            />
          </div>
        ))}
      </div>
      <div class="row actions">
        {rivals.length > 0 && (
          <ActionButton
            class="small-action"
            title={texts.result.keepHint}
            onClick={() => attempt(results.keep(result, chosen, texts.result.keep))}
          >
            {texts.result.keep}
          </ActionButton>
        )}
        <ActionButton
          class="small-action"
          title={texts.result.discardHint}
          onClick={() => attempt(results.discard(layers, texts.result.discard))}
        >
          {texts.result.discard}
        </ActionButton>
        {rivals.map((rival) => (
          <ActionButton
            key={rival.handle.layerId}
            class="small-action"
            selected={isCompared(rival)}
            onClick={() => onCompare(isCompared(rival) ? null : rival)}
          >
            {texts.result.compare(rival.variant)}
          </ActionButton>
        ))}
      </div>
    </div>
  );
}

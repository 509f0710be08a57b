import { useEffect, useRef, useState } from 'preact/hooks';
import { encodeNpy } from '../../protocol/latents';
import { isPspError } from '../../protocol/errors';
import type { MadeLayer } from '../core/job';
import { withNextSeeds } from '../core/order';
import type { Result } from '../core/results';
import { BeforeAfter } from './BeforeAfter';
import { EditControls } from './EditControls';
import { MixControls } from './MixControls';
import { PlaceControls } from './PlaceControls';
import { runOnSelectedLayers } from './orders';
import { samePerson } from '../../protocol/samePerson';
import { useObservable, useServices, useTexts } from './services';
import { ActionButton, Slider } from './spectrum';
import { formatTime, operationLabel } from './texts';
import { Variants } from './Variants';

/** One finished job: compare it, choose among its variants, weaken it, mix it, repeat it. */
export function ResultCard(props: {
  readonly result: Result;
  /** Comes into view by itself, as something that has just been made. */
  readonly isNew?: boolean;
}) {
  const services = useServices();
  const texts = useTexts();
  const { job, layers, workMs } = props.result;
  const { order, target } = job;
  useObservable(services.results.chosen);
  /** Under the hand; at rest it is the layer's. */
  const [moved, setMoved] = useState<number | null>(null);
  const [compared, compare] = useState<MadeLayer | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.isNew) card.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const layer = services.results.chosenOf(props.result);

  // The layers are the user's: they may be gone by now, and that is said rather than ignored.
  const attempt = (work: Promise<void>) => {
    setProblem(null);
    work.catch((thrown: unknown) => isPspError(thrown) && setProblem(texts.error(thrown)));
  };
  const again = async () => {
    const isStarted = await runOnSelectedLayers(services, order);
    setProblem(isStarted ? null : texts.result.alreadyThere);
  };
  const { layerId } = layer.handle;
  useEffect(() => setMoved(null), [layerId, layer.opacity]);
  const opacity = moved ?? layer.opacity;
  return (
    <div class="section result" ref={card} data-result={job.id}>
      <div class="row">
        <span class="strong ellipsis grow">{operationLabel(texts, order.operation)}</span>
        <span class="muted small">{texts.result.took(formatTime(texts, workMs))}</span>
      </div>
      <div class="muted small ellipsis" title={layer.name}>
        {layer.name.split(' · ').slice(1).join(' · ')}
      </div>
      <BeforeAfter
        key={`${layerId} ${layer.revision} ${compared?.handle.layerId}`}
        before={compared?.after ?? layer.before}
        after={layer.after}
        names={
          compared
            ? [texts.result.variant(compared.variant), texts.result.variant(layer.variant)]
            : [texts.result.before, texts.result.after]
        }
      />
      {layers.length > 1 && (
        <Variants
          result={props.result}
          chosen={layer}
          compared={compared}
          onCompare={compare}
          attempt={attempt}
        />
      )}
      <div class="row facts">
        {layer.identity !== null && (
          <span class="small grow" title={texts.result.likenessHint} data-test="likeness">
            {(layer.identity < samePerson ? texts.result.anotherPerson : texts.result.likeness)(
              Math.round(layer.identity * 100),
            )}
          </span>
        )}
        {layer.seed !== null && order.operation.variants && (
          <span class="muted small">{texts.result.seed(layer.seed)}</span>
        )}
      </div>
      <div class="control">
        <span class="control-label">{texts.result.opacity}</span>
        <Slider
          label={texts.result.opacity}
          text={`${Math.round(opacity * 100)} %`}
          min={0}
          max={1}
          step={0.01}
          value={opacity}
          onInput={setMoved}
          // Where it comes to rest only: every change is an undo step of the editor's.
          onChange={(value) => {
            setMoved(value);
            attempt(services.host.setOpacity(layer.handle, value));
          }}
        />
        <span class="control-value">{`${Math.round(opacity * 100)} %`}</span>
      </div>
      <EditControls key={`${layerId}-edit`} job={job} layer={layer} isNew={props.isNew === true} />
      <MixControls key={layerId} job={job} layer={layer} />
      {layer.placing !== null && (
        <PlaceControls
          key={`${layerId} ${layer.placing}`}
          job={job}
          layer={{ ...layer, placing: layer.placing }}
        />
      )}
      {problem !== null && <p class="error">{problem}</p>}
      <div class="row actions">
        <ActionButton
          class="small-action"
          title={texts.result.againHint}
          onClick={() => void again()}
        >
          {texts.result.again}
        </ActionButton>
        {order.operation.variants && (
          <ActionButton
            class="small-action"
            title={texts.result.moreHint}
            onClick={() => services.jobs.start(target, withNextSeeds(order))}
          >
            {texts.result.more}
          </ActionButton>
        )}
        <ActionButton
          class="small-action"
          onClick={() => {
            const handles = [layer.handle];
            const change = layer.visible ? { hide: handles } : { show: handles };
            const name = layer.visible ? texts.result.hide : texts.result.show;
            attempt(services.host.changeLayers(name, change));
          }}
        >
          {layer.visible ? texts.result.hide : texts.result.show}
        </ActionButton>
        {layer.latents && (
          <ActionButton
            class="small-action"
            onClick={() =>
              attempt(services.platform.saveFile(fileName(layer), encodeNpy(layer.latents!)))
            }
          >
            {texts.result.save}
          </ActionButton>
        )}
      </div>
    </div>
  );
}

const fileName = (layer: MadeLayer): string =>
  `${layer.name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')}.npy`;

import { useEffect, useRef, useState } from 'preact/hooks';
import { encodeNpy } from '../../protocol/latents';
import { isPspError, type ErrorShape } from '../../protocol/errors';
import type { Job, JobResult, MadeLayer } from '../core/job';
import { withNextSeeds } from '../core/order';
import { BeforeAfter } from './BeforeAfter';
import { MixControls } from './MixControls';
import { Picture } from './Picture';
import { runOnSelectedLayers } from './orders';
import { useServices, useTexts } from './services';
import { ActionButton, Slider } from './spectrum';
import { formatTime, operationLabel } from './texts';

/** One finished job: compare it, weaken it, mix it, repeat it. */
export function ResultCard(props: {
  readonly job: Job;
  readonly result: JobResult;
  /** Comes into view by itself, as something that has just been made. */
  readonly isNew?: boolean;
}) {
  const services = useServices();
  const texts = useTexts();
  const { job, result } = props;
  const { order, target } = job;
  const [chosen, setChosen] = useState(0);
  const [strengths, setStrengths] = useState<Readonly<Record<number, number>>>({});
  const [isVisible, setVisible] = useState(true);
  const [error, setError] = useState<ErrorShape | null>(null);
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.isNew) card.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const layer = result.layers[chosen] ?? result.layers[0];
  if (!layer) return null;

  // The layers are the user's: they may be gone by now, and that is said rather than ignored.
  const attempt = (work: Promise<void>) => {
    setError(null);
    work.catch((thrown: unknown) => isPspError(thrown) && setError(thrown));
  };
  const { handle } = layer;
  const strength = strengths[chosen] ?? 1;
  const more = withNextSeeds(order);
  return (
    <div class="section result" ref={card} data-result={job.id}>
      <div class="row">
        <span class="strong ellipsis grow">{operationLabel(texts, order.operation)}</span>
        <span class="muted small">{texts.result.took(formatTime(texts, result.workMs))}</span>
      </div>
      <div class="muted small ellipsis" title={layer.name}>
        {layer.name}
      </div>
      <BeforeAfter key={chosen} before={layer.before} after={layer.after} />
      {result.layers.length > 1 && (
        <Variants layers={result.layers} chosen={chosen} onChoose={setChosen} />
      )}
      <div class="row facts">
        {layer.identity !== null && (
          <span class="small grow" title={texts.result.likenessHint} data-test="likeness">
            {texts.result.likeness(Math.round(layer.identity * 100))}
          </span>
        )}
        {layer.seed !== null && order.operation.variants && (
          <span class="muted small">{texts.result.seed(layer.seed)}</span>
        )}
      </div>
      <div class="control">
        <span class="control-label">{texts.result.strength}</span>
        <Slider
          label={texts.result.strength}
          min={0}
          max={1}
          step={0.01}
          value={strength}
          onInput={(value) => setStrengths({ ...strengths, [chosen]: value })}
          // Where it comes to rest only: every change is an undo step of the editor's.
          onChange={(value) => {
            setStrengths({ ...strengths, [chosen]: value });
            attempt(services.host.setOpacity(handle, value));
          }}
        />
        <span class="control-value">{`${Math.round(strength * 100)} %`}</span>
      </div>
      <MixControls target={target} layer={layer} />
      {error && <p class="error">{texts.error(error)}</p>}
      <div class="row actions">
        <ActionButton
          class="small-action"
          title={texts.result.againHint}
          onClick={() => void runOnSelectedLayers(services, order)}
        >
          {texts.result.again}
        </ActionButton>
        {order.operation.variants && (
          <ActionButton
            class="small-action"
            title={texts.result.moreHint}
            onClick={() => services.jobs.start(target, more)}
          >
            {texts.result.more}
          </ActionButton>
        )}
        <ActionButton
          class="small-action"
          onClick={() => {
            const handles = result.layers.map((made) => made.handle);
            attempt(services.host.setVisible(handles, !isVisible));
            setVisible(!isVisible);
          }}
        >
          {isVisible ? texts.result.hide : texts.result.show}
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

function Variants(props: {
  readonly layers: readonly MadeLayer[];
  readonly chosen: number;
  onChoose(index: number): void;
}) {
  return (
    <div class="chips">
      {props.layers.map((layer, index) => (
        <button
          key={index}
          class={`chip ${index === props.chosen ? 'chip-chosen' : ''}`}
          title={layer.name}
          onClick={() => props.onChoose(index)}
        >
          <Picture class="chip-picture" pixels={layer.after} label={layer.name} />
        </button>
      ))}
    </div>
  );
}

const fileName = (layer: MadeLayer): string =>
  `${layer.name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')}.npy`;

import { Fragment } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ParameterValues } from '../../protocol/parameter';
import { LivePreview, type LiveState } from '../core/livePreview';
import type { Job, MadeLayer } from '../core/job';
import { Mixer, type MixState } from '../core/mixer';
import { ParameterControl } from './ParameterControl';
import { Picture } from './Picture';
import { samePerson } from '../../protocol/samePerson';
import { useObservable, useServices, useTexts } from './services';
import { useReplacing } from './useReplacing';

/** What the sliders say of a layer: by what it was edited last, undone edits left out. */
const valuesOf = (job: Job, { made }: MadeLayer): ParameterValues =>
  made.operation.id === job.order.operation.id ? made.parameters : job.order.parameters;

/**
 * The sliders of an edited layer, live: a small picture follows the hand, and the layer when it rests,
 * in one undo step.
 */
export function EditControls(props: {
  readonly job: Job;
  readonly layer: MadeLayer;
  /** Made just now: its sliders are likely to be moved. */
  readonly isNew: boolean;
}) {
  const { layer, job } = props;
  return layer.source && job.order.operation.id === 'edit' ? (
    <Sliders {...props} source={layer.source} />
  ) : null;
}

function Sliders(props: {
  readonly job: Job;
  readonly layer: MadeLayer;
  readonly source: NonNullable<MadeLayer['source']>;
  readonly isNew: boolean;
}) {
  const { host, bridge } = useServices();
  const texts = useTexts();
  const { job, layer, source } = props;
  const { operation } = job.order;
  const [values, setValues] = useState<ParameterValues>(() => valuesOf(job, layer));
  const [moved, setMoved] = useState<string | null>(null);
  const live = useMemo(() => new LivePreview(bridge, operation.id), [layer.handle.layerId]);
  const onEdited = useReplacing(job, layer, () => {
    // Mixed styles leave the sliders where they are: that is how the person was edited.
    if (layer.made.operation.id === operation.id) setValues(layer.made.parameters);
    live.clear();
  });
  const mixer = useMemo(
    () => new Mixer(host, bridge, operation, { job, model: layer.model }, onEdited),
    [layer.handle.layerId],
  );
  const shown = useObservable<LiveState>(live.state);
  const state = useObservable<MixState>(mixer.state);
  useEffect(() => {
    const [first] = operation.parameters;
    if (!props.isNew || layer.made.parameters !== job.order.parameters || first?.kind !== 'number')
      return;
    // By a step, or there would be nothing to draw.
    const from = Number(values[first.name] ?? first.default);
    const value = from < first.max ? from + first.step : from - first.step;
    void live.prepare({ ...values, [first.name]: value }, { ...layer, source });
  }, [live]);
  return (
    <div class="edit">
      {shown && <Picture class="edit-picture" pixels={shown.pixels} label={operation.label} />}
      {operation.parameters.map((parameter) => (
        <Fragment key={parameter.name}>
          <ParameterControl
            parameter={parameter}
            value={values[parameter.name] ?? parameter.default}
            onChange={(value) => {
              const next = { ...values, [parameter.name]: value };
              setValues(next);
              setMoved(parameter.name);
              void live.show(next, { ...layer, source });
            }}
            onRest={(value) => {
              const next = { ...values, [parameter.name]: value };
              setValues(next);
              void mixer.mix(next, layer);
            }}
          />
          {shown && moved === parameter.name && shown.identity < samePerson && (
            <p class="warning small" data-test="leaves-person">
              {texts.result.anotherPerson(Math.round(shown.identity * 100))}
            </p>
          )}
        </Fragment>
      ))}
      <span class="muted small">{state.kind === 'mixing' ? texts.result.editing : ''}</span>
      {state.kind === 'failed' && <p class="error">{texts.error(state.error)}</p>}
    </div>
  );
}

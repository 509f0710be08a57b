import { useMemo, useState } from 'preact/hooks';
import type { ParameterValues } from '../../protocol/parameter';
import { placingNames } from '../../protocol/placing';
import type { Job } from '../core/job';
import { Placer, type PlacedLayer } from '../core/placer';
import { Fold } from './Fold';
import { ParameterControl } from './ParameterControl';
import { useObservable, useServices, useTexts } from './services';
import { useReplacing } from './useReplacing';

/** Where a layer was placed before, all of it is said again. */
const placingOf = (values: ParameterValues): ParameterValues =>
  Object.fromEntries(Object.entries(values).filter(([name]) => placingNames.includes(name)));

/** What of a result can be changed at once, in the layer that is there. */
export function PlaceControls(props: { readonly job: Job; readonly layer: PlacedLayer }) {
  const services = useServices();
  const texts = useTexts();
  const { job, layer } = props;
  const { operation, parameters: madeBy } = layer.made;
  const [values, setValues] = useState<ParameterValues>({});
  const onPlaced = useReplacing(job, layer, () => setValues({}));
  const placer = useMemo(
    () => new Placer(services.host, services.bridge, job.target, onPlaced),
    [layer.placing],
  );
  const state = useObservable<Placer['state']['value']>(placer.state);
  const parameters = operation.parameters.filter(({ name }) => placingNames.includes(name));
  if (parameters.length === 0) return null;
  return (
    <Fold
      label={texts.result.place}
      note={state.kind === 'placing' ? texts.result.placing : ''}
      error={state.kind === 'failed' ? texts.error(state.error) : null}
    >
      {parameters.map((parameter) => (
        <ParameterControl
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name] ?? madeBy[parameter.name] ?? parameter.default}
          onChange={(value) => {
            const next = { ...placingOf(madeBy), ...values, [parameter.name]: value };
            setValues(next);
            void placer.place(next, layer);
          }}
        />
      ))}
    </Fold>
  );
}

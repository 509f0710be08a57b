import { useMemo, useState } from 'preact/hooks';
import type { ParameterValues } from '../../protocol/parameter';
import { placingNames } from '../../protocol/placing';
import type { MadeLayer } from '../core/job';
import type { Order } from '../core/order';
import { Placer } from '../core/placer';
import { Fold } from './Fold';
import { ParameterControl } from './ParameterControl';
import { useObservable, useServices, useTexts } from './services';

/** What of a result can be changed at once, in the layer that is there. */
export function PlaceControls(props: {
  readonly layer: Pick<MadeLayer, 'name' | 'handle'> & { readonly placing: string };
  /** By which it was placed. */
  readonly order: Pick<Order, 'operation' | 'parameters'>;
}) {
  const services = useServices();
  const texts = useTexts();
  const { layer, order } = props;
  const { operation } = order;
  const [values, setValues] = useState<ParameterValues>({});
  const placer = useMemo(
    () => new Placer(services.host, services.bridge, layer, order),
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
          value={values[parameter.name] ?? order.parameters[parameter.name] ?? parameter.default}
          onChange={(value) => {
            const next = { ...values, [parameter.name]: value };
            setValues(next);
            void placer.place(next);
          }}
        />
      ))}
    </Fold>
  );
}

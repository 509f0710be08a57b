import type { OperationDeclaration } from '../../protocol/operation';
import type { ParameterValues } from '../../protocol/parameter';
import { useMemo, useState } from 'preact/hooks';
import type { Capabilities } from '../core/bridge/bridge';
import type { Job, MadeLayer } from '../core/job';
import { Mixer } from '../core/mixer';
import { parametersFor } from '../core/settings';
import { Fold } from './Fold';
import { ParameterControl } from './ParameterControl';
import { useObservable, useServices, useTexts } from './services';
import { useReplacing } from './useReplacing';
import { Observable } from '../core/observable';

const idle = new Observable({ kind: 'idle' } as const);

const mixing = 'resample-style';

/**
 * Mixing changes the photograph. A head that was turned, edited, filled or sharpened would be as it was before, so
 * that it is not offered there.
 */
const isMixable = ({ id, composition }: OperationDeclaration): boolean =>
  composition === 'replace' || id === mixing;

/** A model that can mix and has the decoder that drew the layer: itself, or its built-in siblings. */
function mixingModel({ models }: Capabilities, drawnBy: string): string | null {
  const mixers = models.filter((model) => model.operations.includes(mixing));
  const own = models.find((model) => model.name === drawnBy);
  const found =
    mixers.find((model) => model.name === drawnBy) ??
    mixers.find((model) => model.embedded && own?.embedded);
  return found?.name ?? null;
}

/** Style mixing in the layer that is there, offered where the model that drew it can also mix. */
export function MixControls(props: { readonly job: Job; readonly layer: MadeLayer }) {
  const services = useServices();
  const texts = useTexts();
  const connection = useObservable(services.connection);
  const { job, layer } = props;
  const capabilities = connection.kind === 'ready' ? connection.capabilities : null;
  const model = capabilities && mixingModel(capabilities, layer.model);
  const operation = isMixable(job.order.operation)
    ? capabilities?.operations.find(({ id }) => id === mixing)
    : undefined;
  const [values, setValues] = useState<ParameterValues | null>(null);
  const onMixed = useReplacing(job, layer, () => setValues(null));
  const mixer = useMemo(
    () =>
      operation && model && layer.latents
        ? new Mixer(services.host, services.bridge, operation, { job, model }, onMixed)
        : null,
    [operation, model, layer.handle.layerId],
  );
  const state = useObservable<Mixer['state']['value']>(mixer?.state ?? (idle as Mixer['state']));
  if (!mixer || !operation || layer.space.kind !== 'document') return null;
  const shown =
    values ?? mixer.drawnWith(layer) ?? parametersFor(services.settings.value, operation);
  return (
    <Fold
      label={texts.result.mix}
      note={state.kind === 'mixing' ? texts.result.mixing : ''}
      error={state.kind === 'failed' ? texts.error(state.error) : null}
    >
      {mixer.parameters.map((parameter) => (
        <ParameterControl
          key={parameter.name}
          parameter={parameter}
          value={shown[parameter.name]!}
          onChange={(value) => {
            const next = { ...shown, [parameter.name]: value };
            setValues(next);
            void mixer.mix(next, layer);
          }}
        />
      ))}
    </Fold>
  );
}

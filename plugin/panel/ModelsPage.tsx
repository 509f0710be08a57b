import { useState } from 'preact/hooks';
import { isPspError } from '../../protocol/errors';
import type { OperationDeclaration } from '../../protocol/operation';
import type { InstalledModel } from '../../protocol/model';
import type { Capabilities } from '../core/bridge';
import { modelNameOf } from './modelName';
import { modelsFor } from './orders';
import { useObservable, useServices, useTexts } from './services';
import { ActionButton, Button } from './spectrum';
import { operationLabel } from './texts';

type ImportState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly name: string }
  | { readonly kind: 'done'; readonly name: string }
  | { readonly kind: 'failed'; readonly message: string };

/** What is installed, under which licence, and what can be added. */
export function ModelsPage() {
  const services = useServices();
  const texts = useTexts();
  const connection = useObservable(services.connection);
  const [state, setState] = useState<ImportState>({ kind: 'idle' });
  if (connection.kind !== 'ready') {
    return <p class="section muted">{texts.models.offline}</p>;
  }
  const { capabilities } = connection;
  const missing = capabilities.operations.filter(
    (operation) => modelsFor(capabilities, operation).length === 0,
  );
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (thrown) {
      if (!isPspError(thrown)) throw thrown;
      setState({ kind: 'failed', message: texts.error(thrown) });
    }
  };
  const importModel = () =>
    attempt(async () => {
      const file = await services.platform.chooseCheckpoint();
      if (!file) return;
      setState({ kind: 'working', name: file.name });
      const model = await services.bridge.importModel(modelNameOf(file.name), file.bytes);
      setState({ kind: 'done', name: model.name });
    });
  return (
    <div class="page">
      <div class="section">
        <p class="heading">{texts.models.installed}</p>
        {capabilities.models.map((model) => (
          <ModelCard
            key={model.name}
            model={model}
            capabilities={capabilities}
            onRemove={() => void attempt(() => services.bridge.removeModel(model.name))}
          />
        ))}
      </div>
      <div class="section">
        <p class="heading">{texts.models.missing}</p>
        <p class="muted small">{texts.models.missingHelp}</p>
        {missing.map((operation) => (
          <MissingOperation key={operation.id} operation={operation} />
        ))}
        <div class="row row-end">
          <Button
            variant="primary"
            disabled={state.kind === 'working'}
            onClick={() => void importModel()}
          >
            {texts.models.import}
          </Button>
        </div>
        {state.kind === 'working' && <p class="small">{texts.models.importing(state.name)}</p>}
        {state.kind === 'done' && <p class="small">{texts.models.imported(state.name)}</p>}
        {state.kind === 'failed' && <p class="error">{state.message}</p>}
      </div>
    </div>
  );
}

function ModelCard(props: {
  readonly model: InstalledModel;
  readonly capabilities: Capabilities;
  onRemove(): void;
}) {
  const texts = useTexts();
  const { model, capabilities, onRemove } = props;
  const [asks, setAsks] = useState(false);
  const serves = capabilities.operations.filter(({ id }) => model.operations.includes(id));
  return (
    <div class="model" data-model={model.name}>
      <div class="row">
        <span class="strong ellipsis grow" title={model.name}>
          {model.name}
        </span>
        {model.embedded && <span class="muted small">{texts.models.builtIn}</span>}
        {!model.embedded && !asks && (
          <ActionButton class="small-action" onClick={() => setAsks(true)}>
            {texts.models.remove}
          </ActionButton>
        )}
      </div>
      {asks && (
        <div class="row row-end">
          <span class="small grow">{texts.models.confirmRemove}</span>
          <ActionButton class="small-action" onClick={() => setAsks(false)}>
            {texts.models.keep}
          </ActionButton>
          <ActionButton class="small-action" onClick={onRemove}>
            {texts.models.remove}
          </ActionButton>
        </div>
      )}
      <p class="small">{serves.map((operation) => operationLabel(texts, operation)).join(', ')}</p>
      <p class="muted small">{`${model.domain} · ${texts.models.size(model.resolution)}`}</p>
      <p class="muted small">{`${texts.models.licence}: ${model.licence}`}</p>
      {model.attribution !== '' && (
        <p class="muted small">{`${texts.models.from}: ${model.attribution}`}</p>
      )}
    </div>
  );
}

function MissingOperation({ operation }: { readonly operation: OperationDeclaration }) {
  const texts = useTexts();
  return (
    <div class="model">
      <p class="small strong">{operationLabel(texts, operation)}</p>
      <p class="muted small">{texts.models.need(operation.modelHint)}</p>
    </div>
  );
}

import { useState } from 'preact/hooks';
import { isPspError } from '../../protocol/errors';
import type { OperationDeclaration } from '../../protocol/operation';
import type { InstalledModel } from '../../protocol/model';
import type { Capabilities } from '../core/bridge';
import { modelNameOf } from './modelName';
import { modelFor, modelsFor } from './orders';
import { useObservable, useServices, useTexts } from './services';
import { ActionButton, Button } from './spectrum';
import { operationLabel } from './texts';

interface Working {
  readonly kind: 'working';
  readonly name: string;
  /** 0..1, 0 until converting has begun. */
  readonly share: number;
  cancel(): void;
}

type ImportState =
  | { readonly kind: 'idle' }
  | Working
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
      const { name } = file;
      let working: Working = { kind: 'working', name, share: 0, cancel: () => undefined };
      const show = (change: Partial<Working>): void =>
        setState((working = { ...working, ...change }));
      show({});
      const model = await services.bridge.importModel(modelNameOf(file.name), file.bytes, {
        fileName: file.name,
        onProgress: (share) => show({ share }),
        onStarted: (cancel) => show({ cancel }),
      });
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
        {state.kind === 'working' && (
          <div class="row" data-test="importing">
            <span class="small grow">{texts.models.importing(state.name)}</span>
            <span class="muted small">{`${Math.round(state.share * 100)} %`}</span>
            <ActionButton class="small-action" onClick={state.cancel}>
              {texts.job.cancel}
            </ActionButton>
          </div>
        )}
        {state.kind === 'done' && <Imported name={state.name} capabilities={capabilities} />}
        {state.kind === 'failed' && <p class="error">{state.message}</p>}
      </div>
    </div>
  );
}

/** What an import changed: which operations a click now runs with it. */
function Imported(props: { readonly name: string; readonly capabilities: Capabilities }) {
  const { settings } = useServices();
  const texts = useTexts();
  const { name, capabilities } = props;
  const chosen = useObservable(settings);
  const used = capabilities.operations.filter(
    (operation) => modelFor(capabilities, chosen, operation)?.name === name,
  );
  const labels = used.map((operation) => operationLabel(texts, operation)).join(', ');
  return (
    <p class="small" data-test="imported">
      {texts.models.imported(name)}{' '}
      {labels === '' ? texts.models.notUsed : texts.models.nowUsedFor(labels)}
    </p>
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
      {model.terms !== null && <p class="small">{model.terms}</p>}
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

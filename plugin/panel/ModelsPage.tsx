import { useState } from 'preact/hooks';
import { isPspError } from '../../protocol/errors';
import type { OperationDeclaration } from '../../protocol/operation';
import type { InstalledModel } from '../../protocol/model';
import type { Capabilities } from '../core/bridge/bridge';
import { modelNameOf } from './modelName';
import { modelFor } from './orders';
import { useObservable, useServices, useTexts } from './services';
import { ActionButton, Button, ProgressBar } from './spectrum';
import { modelNeed, operationLabel } from './texts';

/** Where the authors of pixel2style2pixel publish their checkpoints. */
const checkpointSource = 'github.com/eladrich/pixel2style2pixel#pretrained-models';

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
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (thrown) {
      if (!isPspError(thrown)) throw thrown;
      // What was cancelled is no failure.
      const isCancelled = thrown.code === 'CANCELLED';
      setState(isCancelled ? { kind: 'idle' } : { kind: 'failed', message: texts.error(thrown) });
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
      const model = await services.bridge.importModel(modelNameOf(name), file.content, {
        fileName: name,
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
        <p class="heading">{texts.models.perOperation}</p>
        <p class="muted small">{texts.models.source}</p>
        <p class="small address">{checkpointSource}</p>
        <p class="muted small">{texts.models.sourceTerms}</p>
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
            <span class="small grow">
              {(state.share === 0 ? texts.models.sending : texts.models.importing)(state.name)}
            </span>
            <span class="muted small">{`${Math.round(state.share * 100)} %`}</span>
            <ActionButton class="small-action" onClick={state.cancel}>
              {texts.job.cancel}
            </ActionButton>
          </div>
        )}
        {state.kind === 'working' && (
          <ProgressBar value={state.share} label={texts.models.importing(state.name)} />
        )}
        {state.kind === 'done' && <Imported name={state.name} capabilities={capabilities} />}
        {state.kind === 'failed' && <p class="error">{state.message}</p>}
        {capabilities.operations.map((operation) => (
          <OperationModels key={operation.id} operation={operation} capabilities={capabilities} />
        ))}
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
      {model.measured !== null && (
        <p class="small" data-test="measured">
          {model.measured}
        </p>
      )}
      <p class="muted small">{`${texts.models.licence}: ${model.licence}`}</p>
      {model.attribution !== '' && (
        <p class="muted small">{`${texts.models.from}: ${model.attribution}`}</p>
      )}
      {model.terms !== null && <p class="small">{model.terms}</p>}
    </div>
  );
}

/** What an operation uses, and what could be imported for it. */
function OperationModels(props: {
  readonly operation: OperationDeclaration;
  readonly capabilities: Capabilities;
}) {
  const { settings } = useServices();
  const texts = useTexts();
  const { operation, capabilities } = props;
  const used = modelFor(capabilities, useObservable(settings), operation);
  const file = /^\S+\.pt\b/.exec(operation.modelHint)?.[0];
  const brings = file === undefined ? undefined : texts.models.checkpoints[file];
  return (
    <div class="model" data-needs={operation.id}>
      <div class="row">
        <span class="small strong grow">{operationLabel(texts, operation)}</span>
        <span class={`small ellipsis ${used ? 'muted' : 'warning'}`}>
          {used ? texts.operation.drawnBy(used.name, used.resolution) : texts.models.nothing}
        </span>
      </div>
      <p class="small">{modelNeed(texts, operation)}</p>
      {brings !== undefined && <p class="muted small">{brings}</p>}
    </div>
  );
}

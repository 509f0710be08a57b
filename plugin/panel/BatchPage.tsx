import { useState } from 'preact/hooks';
import { isPspError } from '../../protocol/errors';
import type { BatchItem, BatchSource } from '../core/batchQueue';
import { modelsFor, orderFor } from './orders';
import { useObservable, useServices, useTexts } from './services';
import { ActionButton, Button, Dropdown, ProgressBar } from './spectrum';
import { operationLabel, type Texts } from './texts';

/** One operation over the selected layers, all open documents, or a folder. */
export function BatchPage() {
  const services = useServices();
  const texts = useTexts();
  const connection = useObservable(services.connection);
  const state = useObservable(services.batch.state);
  const [wanted, setWanted] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const capabilities = connection.kind === 'ready' ? connection.capabilities : null;
  const operations = capabilities
    ? capabilities.operations.filter((entry) => modelsFor(capabilities, entry).length > 0)
    : [];
  const operation = operations.find((entry) => entry.id === wanted) ?? operations[0];
  const isBusy = state.phase === 'running' || state.phase === 'stopping';

  const start = async (choose: () => Promise<BatchSource | string | null>) => {
    if (!operation) return;
    setProblem(null);
    try {
      const source = await choose();
      if (typeof source === 'string') setProblem(source);
      else if (source) await services.batch.start(source, orderFor(services, operation));
    } catch (thrown) {
      if (isPspError(thrown)) setProblem(texts.error(thrown));
      else throw thrown;
    }
  };
  const targets = async (scope: 'selected-layers' | 'open-documents') => {
    const listed = await services.host.listTargets(scope);
    return listed.length === 0
      ? texts.batch.emptyLayers
      : ({ kind: 'layers', targets: listed } as const);
  };
  const folder = async () => {
    const chosen = await services.host.chooseFolder();
    if (!chosen) return null;
    const pictures = await chosen.listPictures();
    return pictures.length === 0
      ? texts.batch.emptyFolder
      : ({ kind: 'folder', folder: chosen } as const);
  };

  return (
    <div class="page">
      <div class="section">
        <p class="muted small">{texts.batch.help}</p>
        <div class="control">
          <span class="control-label">{texts.batch.operation}</span>
          <Dropdown
            label={texts.batch.operation}
            disabled={isBusy || !operation}
            value={operation?.id ?? ''}
            choices={operations.map((entry) => ({
              value: entry.id,
              label: operationLabel(texts, entry),
            }))}
            onChange={setWanted}
          />
        </div>
        <p class="muted small">{texts.batch.optionsHint}</p>
        <p class="heading">{texts.batch.runOn}</p>
        <div class="row wrap">
          <Button
            disabled={isBusy || !operation}
            onClick={() => void start(() => targets('selected-layers'))}
          >
            {texts.batch.layers}
          </Button>
          <Button
            disabled={isBusy || !operation}
            onClick={() => void start(() => targets('open-documents'))}
          >
            {texts.batch.documents}
          </Button>
          <Button disabled={isBusy || !operation} onClick={() => void start(folder)}>
            {texts.batch.folder}
          </Button>
        </div>
        {problem !== null && <p class="error">{problem}</p>}
      </div>
      {state.items.length > 0 && <BatchList />}
    </div>
  );
}

function BatchList() {
  const { batch } = useServices();
  const texts = useTexts();
  const { phase, items } = useObservable(batch.state);
  const count = (...kinds: BatchItem['state']['kind'][]) =>
    items.filter((item) => kinds.includes(item.state.kind)).length;
  const done = count('done', 'already-done');
  const failed = count('failed');
  const waiting = count('waiting', 'running');
  return (
    <div class="section" data-test="batch">
      <div class="row">
        <span class="strong grow" data-test="batch-summary">
          {phase === 'running'
            ? texts.batch.progress(done + failed, items.length)
            : texts.batch.summary(done, failed, waiting)}
        </span>
        {phase === 'running' && (
          <ActionButton class="small-action" onClick={() => batch.stop()}>
            {texts.batch.stop}
          </ActionButton>
        )}
        {(phase === 'stopped' || (phase === 'finished' && failed > 0)) && (
          <ActionButton class="small-action" onClick={() => void batch.resume()}>
            {texts.batch.resume}
          </ActionButton>
        )}
        {(phase === 'stopped' || phase === 'finished') && (
          <ActionButton class="small-action" onClick={() => batch.clear()}>
            {texts.batch.clear}
          </ActionButton>
        )}
      </div>
      <ProgressBar value={(done + failed) / items.length} label={texts.tabs.batch} />
      <div class="batch-items">
        {items.map((item, index) => (
          <div key={index} class="batch-item">
            <div class="row">
              <span class={`dot dot-${item.state.kind}`} />
              <span class="ellipsis grow" title={item.name}>
                {item.name}
              </span>
              <span class="muted small">{describe(texts, item.state)}</span>
            </div>
            {item.state.kind === 'failed' && <p class="error">{texts.error(item.state.error)}</p>}
          </div>
        ))}
      </div>
    </div>
  );
}

function describe(texts: Texts, state: BatchItem['state']): string {
  switch (state.kind) {
    case 'waiting':
      return texts.batch.waiting;
    case 'already-done':
      return texts.batch.alreadyDone;
    case 'done':
      return texts.batch.layersMade(state.layers);
    default:
      return '';
  }
}

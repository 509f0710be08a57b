import { useState } from 'preact/hooks';
import { searchHistory, type History, type HistoryEntry } from '../core/history';
import { runOnSelectedLayers } from './orders';
import { useObservable, useServices, useTexts } from './services';
import { ActionButton, TextField } from './spectrum';
import { operationLabel, type Texts } from './texts';
import { Thumbnail } from './Thumbnail';

const shownEntries = 40;

/** What was made on this computer before, to be found and to be made of another layer. */
export function HistoryList({ history }: { readonly history: History }) {
  const texts = useTexts();
  const entries = useObservable(history.entries);
  const [words, setWords] = useState('');
  if (entries.length === 0) return null;
  const found = searchHistory(entries, words, (entry) => describe(texts, entry).join(' '));
  return (
    <div class="section" data-test="history">
      <div class="row">
        <span class="heading grow">{texts.history.title(entries.length)}</span>
        <ActionButton class="small-action" onClick={() => history.forgetAll()}>
          {texts.history.forgetAll}
        </ActionButton>
      </div>
      <TextField
        class="search"
        value={words}
        label={texts.history.search}
        placeholder={texts.history.search}
        onInput={setWords}
      />
      {found.length === 0 && <p class="muted small">{texts.history.nothing}</p>}
      {found.slice(0, shownEntries).map((entry) => (
        <EntryRow key={entry.id} entry={entry} history={history} />
      ))}
      {found.length > shownEntries && (
        <p class="muted small">{texts.history.more(found.length - shownEntries)}</p>
      )}
    </div>
  );
}

function EntryRow(props: { readonly entry: HistoryEntry; readonly history: History }) {
  const services = useServices();
  const texts = useTexts();
  const connection = useObservable(services.connection);
  const { length: selected } = useObservable(services.faces.selected);
  const [isMade, setMade] = useState(false);
  const { entry, history } = props;
  const { id } = entry.order.operation;
  const operation =
    connection.kind === 'ready'
      ? connection.capabilities.operations.find((known) => known.id === id)
      : undefined;
  const [first, ...rest] = describe(texts, entry);
  const repeat = async () => {
    if (!operation) return;
    setMade(!(await runOnSelectedLayers(services, { ...entry.order, operation })));
  };
  return (
    <div class="history-entry" data-entry={entry.id}>
      <Thumbnail class="layer-thumbnail" pixels={entry.picture} />
      <div class="grow">
        <p class="ellipsis strong small">{first}</p>
        <p class="muted small">{rest.join(' · ')}</p>
        <div class="row actions">
          <ActionButton
            class="small-action"
            disabled={!operation || selected === 0}
            onClick={() => void repeat()}
          >
            {texts.history.repeat}
          </ActionButton>
          <ActionButton class="small-action" onClick={() => history.forget(entry.id)}>
            {texts.history.forget}
          </ActionButton>
        </div>
        {isMade && <p class="small">{texts.result.alreadyThere}</p>}
      </div>
    </div>
  );
}

/** What a person would look for. */
function describe(texts: Texts, entry: HistoryEntry): readonly string[] {
  const { order, documentName, layerName, seed, identity, at } = entry;
  const percent = identity === null ? null : Math.round(identity * 100);
  return [
    operationLabel(texts, order.operation),
    documentName === layerName ? documentName : `${documentName} · ${layerName}`,
    new Date(at).toLocaleString(),
    ...(order.model === null ? [] : [order.model]),
    ...(seed === null ? [] : [texts.result.seed(seed)]),
    ...(percent === null ? [] : [texts.result.likeness(percent)]),
  ];
}

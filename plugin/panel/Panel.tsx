import { useEffect, useState } from 'preact/hooks';
import { isOver } from '../core/job';
import type { Result } from '../core/results';
import { learnLikenessTimes } from '../core/likenessTimes';
import { Announcer } from './Announcer';
import { BatchPage } from './BatchPage';
import { ConnectionLine } from './ConnectionLine';
import { HistoryList } from './HistoryList';
import { JobList } from './JobList';
import { LayerCard } from './LayerCard';
import { ModelsPage } from './ModelsPage';
import { OperationList } from './OperationList';
import { ResultCard } from './ResultCard';
import { SettingsPage } from './SettingsPage';
import {
  ServicesProvider,
  useObservable,
  useSemantics,
  useServices,
  useTexts,
  type PanelServices,
} from './services';
import { Divider } from './spectrum';

type Page = 'create' | 'results' | 'batch' | 'models' | 'settings';
const pages: readonly Page[] = ['create', 'results', 'batch', 'models', 'settings'];

/** The whole panel, the same in every editor. */
export function Panel(props: { readonly services: PanelServices }) {
  return (
    <ServicesProvider value={props.services}>
      <PanelFrame />
    </ServicesProvider>
  );
}

function PanelFrame() {
  const services = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const [page, setPage] = useState<Page>('create');
  useEffect(() => learnLikenessTimes(services.jobs.jobs, services.settings), [services]);
  return (
    <div class="psp-panel" onKeyDown={(event) => onKey(event, services)}>
      <ConnectionLine />
      <div class="tabs" {...semantics({ role: 'tablist', label: texts.tabs.list })}>
        {pages.map((entry) => (
          <button
            key={entry}
            class={`tab ${entry === page ? 'tab-chosen' : ''}`}
            data-tab={entry}
            {...semantics({ role: 'tab', selected: entry === page })}
            onClick={() => setPage(entry)}
          >
            {texts.tabs[entry]}
          </button>
        ))}
      </div>
      <Divider />
      <div class="scroll" key={page} {...semantics({ role: 'tabpanel', label: texts.tabs[page] })}>
        {page === 'create' && <CreatePage onImport={() => setPage('models')} />}
        {page === 'results' && <ResultsPage />}
        {page === 'batch' && <BatchPage />}
        {page === 'models' && <ModelsPage />}
        {page === 'settings' && <SettingsPage />}
      </div>
      <JobList />
      <Announcer />
    </div>
  );
}

function CreatePage(props: { onImport(): void }) {
  const { results, faces } = useServices();
  const state = useObservable(faces.state);
  const all = useObservable(results.list);
  // What is worked on in another document is not what a press here should change.
  const latest = state.kind === 'no-layer' ? all[0] : all.find(isOf(state.target.documentId));
  return (
    <div class="page">
      <LayerCard />
      <OperationList onImport={props.onImport} />
      {latest && <ResultCard key={latest.job.id} result={latest} isNew />}
    </div>
  );
}

const isOf =
  (documentId: string) =>
  ({ job, layers }: Result): boolean =>
    job.target.documentId === documentId ||
    layers.some(({ handle }) => handle.documentId === documentId);

function ResultsPage() {
  const services = useServices();
  const texts = useTexts();
  const results = useObservable(services.results.list);
  return (
    <div class="page">
      {results.length === 0 && <p class="section muted">{texts.result.none}</p>}
      {results.map((result) => (
        <ResultCard key={result.job.id} result={result} />
      ))}
      {services.history && <HistoryList history={services.history} />}
    </div>
  );
}

/** Digits choose faces, Escape cancels; while a text is typed they are what they are. */
function onKey(event: KeyboardEvent, services: PanelServices): void {
  const tag = (event.target as { tagName?: string } | null)?.tagName?.toLowerCase() ?? '';
  if (tag === 'sp-textfield' || tag === 'input') return;
  if (event.key === 'Escape') {
    const running = services.jobs.jobs.value.filter((job) => !isOver(job.state)).at(-1);
    if (running) services.jobs.cancel(running.id);
    return;
  }
  if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const faces = services.faces.known()?.faces ?? [];
  const number = Number(event.key);
  if (number === 0) services.faceChoice.set('all');
  else if (faces[number - 1]?.refusal === null) services.faceChoice.set(number);
}

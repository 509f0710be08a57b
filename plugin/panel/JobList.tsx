import { useEffect, useState } from 'preact/hooks';
import { isOver, type Job, type JobState } from '../core/job';
import { Picture } from './Picture';
import { useObservable, useSemantics, useServices, useTexts } from './services';
import { ActionButton, ProgressBar } from './spectrum';
import { formatTime, operationLabel, type Texts } from './texts';

/** What runs, and what failed until it is dismissed. */
export function JobList() {
  const { jobs } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const all = useObservable(jobs.jobs);
  // The batch tells of its own failures, and of what it still has to do.
  const shown = all.filter(
    ({ order, state: { kind } }) =>
      !hiddenKinds.includes(kind) && !(order.priority === 'batch' && kind === 'failed'),
  );
  if (shown.length === 0) return null;
  const runs = new Set(all.filter(({ state }) => !isOver(state)).map(({ run }) => run.id));
  return (
    <div class="jobs" {...semantics({ role: 'group', label: texts.job.list })}>
      {runs.size > 1 && (
        <div class="row row-end">
          <ActionButton class="small-action" onClick={() => jobs.cancelAll()}>
            {texts.job.cancelAll}
          </ActionButton>
        </div>
      )}
      {shown.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </div>
  );
}

/** The layers that still wait for their turn are counted by the one that has it. */
const hiddenKinds: readonly JobState['kind'][] = ['waiting', 'done', 'cancelled'];

function JobRow({ job }: { readonly job: Job }) {
  const services = useServices();
  const texts = useTexts();
  const { state, order, target, run } = job;
  const leftMs = useTimeLeft(state.kind === 'running' ? state.progress.remainingMs : null);
  const title = `${operationLabel(texts, order.operation)} · ${target.layerName}`;
  if (state.kind === 'failed') {
    return (
      <div class="job job-failed" data-job={job.id}>
        <p class="strong ellipsis">{title}</p>
        <p class="error" data-test="job-error">
          {texts.error(state.error)}
        </p>
        <div class="row row-end">
          <ActionButton class="small-action" onClick={() => services.jobs.dismiss(job.id)}>
            {texts.job.dismiss}
          </ActionButton>
          <ActionButton
            class="small-action"
            onClick={() => {
              services.jobs.dismiss(job.id);
              services.jobs.start(target, order);
            }}
          >
            {texts.job.retry}
          </ActionButton>
        </div>
      </div>
    );
  }
  return (
    <div class="job" data-job={job.id}>
      <div class="row">
        <span class="ellipsis grow">{title}</span>
        <ActionButton class="small-action cancel" onClick={() => services.jobs.cancel(job.id)}>
          {texts.job.cancel}
        </ActionButton>
      </div>
      {state.kind === 'running' && state.glimpse && (
        <Picture class="glimpse" pixels={state.glimpse} label={title} />
      )}
      <ProgressBar value={(run.number - 1 + shareOf(state)) / run.count} label={title} />
      <p class="muted small" data-test="job-stage">
        {run.count > 1 && `${texts.job.layer(run.number, run.count)} · `}
        {describe(texts, state, leftMs)}
      </p>
    </div>
  );
}

function shareOf(state: JobState): number {
  switch (state.kind) {
    case 'running': {
      const { share, done, total } = state.progress;
      return share ?? (total === 0 ? 0 : done / total);
    }
    case 'writing':
      return 1;
    default:
      return 0;
  }
}

/** What is left of an estimate as time passes; `null` below a second: who is late does not know when. */
function useTimeLeft(estimateMs: number | null): number | null {
  const [passedMs, setPassedMs] = useState(0);
  useEffect(() => {
    const start = Date.now();
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      setPassedMs(Date.now() - start);
      timer = setTimeout(tick, 500);
    };
    tick();
    return () => clearTimeout(timer);
  }, [estimateMs]);
  const leftMs = (estimateMs ?? 0) - passedMs;
  return leftMs >= 1000 ? leftMs : null;
}

function describe(texts: Texts, state: JobState, leftMs: number | null): string {
  switch (state.kind) {
    case 'reading':
      return texts.job.reading;
    case 'sending':
      return `${texts.job.sending} · ${Math.round(state.share * 100)} %`;
    case 'queued':
      return texts.job.queued(state.place, state.waitsFor);
    case 'writing':
      return texts.job.writing;
    case 'running': {
      const { stage, done, total } = state.progress;
      const parts = [texts.job.stages[stage]];
      if (total > 1) parts.push(texts.job.step(Math.min(done + 1, total), total));
      if (leftMs !== null) parts.push(texts.job.remaining(formatTime(texts, leftMs)));
      return parts.join(' · ');
    }
    default:
      return '';
  }
}

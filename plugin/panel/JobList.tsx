import type { Job, JobState } from '../core/job';
import { useObservable, useServices, useTexts } from './services';
import { ActionButton, ProgressBar } from './spectrum';
import { formatTime, operationLabel, type Texts } from './texts';

/** What runs, and what failed until it is dismissed. */
export function JobList() {
  const { jobs } = useServices();
  const all = useObservable(jobs.jobs);
  // The batch tells of its own failures, and of what it still has to do.
  const shown = all.filter(
    ({ order, state: { kind } }) =>
      !hiddenKinds.includes(kind) && !(order.priority === 'batch' && kind === 'failed'),
  );
  if (shown.length === 0) return null;
  return (
    <div class="jobs">
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
      <ProgressBar value={(run.number - 1 + shareOf(state)) / run.count} />
      <p class="muted small" data-test="job-stage">
        {run.count > 1 && `${texts.job.layer(run.number, run.count)} · `}
        {describe(texts, state)}
      </p>
    </div>
  );
}

function shareOf(state: JobState): number {
  switch (state.kind) {
    case 'running':
      return state.progress.total === 0 ? 0 : state.progress.done / state.progress.total;
    case 'writing':
      return 1;
    default:
      return 0;
  }
}

function describe(texts: Texts, state: JobState): string {
  switch (state.kind) {
    case 'reading':
      return texts.job.reading;
    case 'sending':
      return texts.job.sending;
    case 'queued':
      return texts.job.queued(state.place, state.waitsFor);
    case 'writing':
      return texts.job.writing;
    case 'running': {
      const { stage, done, total, remainingMs } = state.progress;
      const parts = [texts.job.stages[stage]];
      if (total > 1) parts.push(texts.job.step(Math.min(done + 1, total), total));
      if (remainingMs !== null) parts.push(texts.job.remaining(formatTime(texts, remainingMs)));
      return parts.join(' · ');
    }
    default:
      return '';
  }
}

import { useRef } from 'preact/hooks';
import type { Job } from '../core/job';
import { useObservable, useSemantics, useServices, useTexts } from './services';
import { operationLabel, type Texts } from './texts';

/** Says to whoever does not see the panel that a job runs, is done or has failed. */
export function Announcer() {
  const { jobs } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const all = useObservable(jobs.jobs);
  const before = useRef<readonly Job[]>(all);
  const said = useRef('');
  for (const job of all) {
    const old = before.current.find(({ id }) => id === job.id);
    // What was done before the panel came is no news.
    if (!old && job.state.kind === 'done') continue;
    if (old?.state.kind !== job.state.kind) said.current = news(texts, job) ?? said.current;
  }
  before.current = all;
  return (
    <p class="announcer" data-test="announcer" {...semantics({ role: 'status' })}>
      {said.current}
    </p>
  );
}

function news(texts: Texts, { order, state }: Job): string | null {
  const operation = operationLabel(texts, order.operation);
  switch (state.kind) {
    case 'reading':
      return texts.job.started(operation);
    case 'done':
      return texts.job.done(operation, state.result.layers.length);
    case 'failed':
      return texts.job.failed(operation, texts.error(state.error));
    case 'cancelled':
      return texts.job.cancelled;
    default:
      return null;
  }
}

import { isOver, type Job } from '../../../core/job';
import type { JobController } from '../../../core/jobController';
import type { Observable } from '../../../core/observable';
import type { Settings } from '../../../core/settings';
import { unionBounds } from '../../../../protocol/geometry';
import type { Editor } from './editor';

/** What comes of a click is shown: large, and the first time with what to do next. */
export function followResults(
  jobs: JobController,
  settings: Observable<Settings>,
  editor: Editor,
): void {
  const running = new Set<number>();
  jobs.jobs.subscribe((all) => {
    for (const job of all) {
      if (!isOver(job.state)) {
        // Whoever goes on has read it.
        if (!running.has(job.id)) forgetHint(editor);
        running.add(job.id);
      }
      // A result that was brought back is not new.
      if (job.state.kind !== 'done' || !running.delete(job.id)) continue;
      if (job.order.priority === 'interactive') showResult(job, editor);
      if (settings.value.isNew) {
        editor.message.set({ kind: 'notice', text: editor.texts.firstResult });
      }
    }
  });
}

function forgetHint({ message, texts }: Editor): void {
  message.update((now) => (now?.text === texts.firstResult ? null : now));
}

function showResult({ id, state }: Job, editor: Editor): void {
  const layers = state.kind === 'done' ? state.result.layers : [];
  const document = editor.workspace.active.value;
  const places = layers
    .filter(({ handle }) => handle.documentId === document?.id)
    .map(({ bounds }) => bounds);
  if (!document || places.length === 0) return;
  editor.showPlace(document, unionBounds(places));
  if (layers.some(({ variant }) => variant > 1)) editor.sheet.set(id);
}

import { useEffect } from 'preact/hooks';
import { useSemantics, useServices, useTexts } from './services';

/** Points at the button below it until a first result is there, or whoever reads it has had enough. */
export function StartHint() {
  const { jobs, settings } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const close = () => settings.update((all) => ({ ...all, isNew: false }));
  useEffect(
    () =>
      jobs.jobs.subscribe((all) => {
        if (all.some(({ state }) => state.kind === 'done')) close();
      }),
    [],
  );
  return (
    <div class="start-here" data-test="start">
      <span class="grow">{texts.start.hint}</span>
      <button
        class="start-close"
        title={texts.start.close}
        {...semantics({ label: texts.start.close })}
        onClick={close}
      >
        ×
      </button>
      <span class="start-arrow">▼</span>
    </div>
  );
}

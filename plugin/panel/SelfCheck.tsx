import { useState } from 'preact/hooks';
import { isPspError } from '../../protocol/errors';
import { useSemantics, useServices, useTexts, type SelfCheckReport } from './services';
import { ActionButton, Button } from './spectrum';

type State =
  | { readonly kind: 'idle' | 'running' }
  | { readonly kind: 'done'; readonly report: SelfCheckReport }
  | { readonly kind: 'failed'; readonly message: string };

/** Asks the editor for all that the panel relies on, and lets the answers be saved. */
export function SelfCheck(props: { readonly check: () => Promise<SelfCheckReport> }) {
  const { host, platform } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const [state, setState] = useState<State>({ kind: 'idle' });
  const run = async () => {
    setState({ kind: 'running' });
    try {
      setState({ kind: 'done', report: await props.check() });
    } catch (thrown) {
      if (!isPspError(thrown)) throw thrown;
      setState({ kind: 'failed', message: texts.error(thrown) });
    }
  };
  return (
    <div class="section" data-test="self-check">
      <p class="muted small">{texts.check.help(host.name)}</p>
      <Button disabled={state.kind === 'running'} onClick={() => void run()}>
        {texts.check.run(host.name)}
      </Button>
      <div {...semantics({ role: 'status' })}>
        {state.kind === 'running' && <p class="small">{texts.check.running}</p>}
        {state.kind === 'failed' && <p class="error">{state.message}</p>}
        {state.kind === 'done' && (
          <p class="small" data-test="checked">
            {state.report.failed.length === 0
              ? texts.check.works(host.name)
              : texts.check.fails(state.report.failed.length)}
          </p>
        )}
      </div>
      {state.kind === 'done' && (
        <>
          {state.report.failed.map(({ name, words }) => (
            <p key={name} class="error">{`${name}: ${words}`}</p>
          ))}
          <ActionButton
            class="small-action"
            onClick={() => void platform.saveFile('psp-layers-check.txt', state.report.text)}
          >
            {texts.check.save}
          </ActionButton>
        </>
      )}
    </div>
  );
}

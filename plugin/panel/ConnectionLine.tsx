import { useState } from 'preact/hooks';
import { codeLength, readCode } from '../../protocol/proof';
import { useObservable, useServices, useTexts } from './services';
import { ActionButton, Button, TextField } from './spectrum';

/** Whether the bridge is there, on which device it runs, and what to do when it is not. */
export function ConnectionLine() {
  const { connection, retryConnection } = useServices();
  const texts = useTexts();
  const state = useObservable(connection);
  const [showsWhy, setShowsWhy] = useState(false);

  if (state.kind === 'ready') {
    const { device, passedOver } = state.capabilities.provider;
    return (
      <div class="connection">
        <div class="connection-line">
          <span class="dot dot-ready" />
          <span class="connection-name">{texts.connection.ready}</span>
          <span class="muted ellipsis grow" title={device}>
            {device}
          </span>
          {passedOver.length > 0 && (
            <ActionButton
              class="small-action"
              title={texts.connection.why}
              label={texts.connection.why}
              selected={showsWhy}
              onClick={() => setShowsWhy(!showsWhy)}
            >
              ?
            </ActionButton>
          )}
        </div>
        {showsWhy && (
          <div class="notice">
            {passedOver.map((reason) => (
              <p key={reason}>{reason}</p>
            ))}
          </div>
        )}
      </div>
    );
  }
  const names = {
    connecting: texts.connection.connecting,
    'not-running': texts.connection.notRunning,
    'wrong-version': texts.connection.wrongVersion,
    'not-paired': texts.connection.notPaired,
    replaced: texts.connection.replaced,
  };
  return (
    <div class="connection">
      <div class="connection-line">
        <span class={`dot ${state.kind === 'connecting' ? 'dot-waiting' : 'dot-problem'}`} />
        <span class="connection-name grow">{names[state.kind]}</span>
        {state.kind !== 'connecting' && (
          <ActionButton class="small-action" onClick={retryConnection}>
            {texts.connection.retry}
          </ActionButton>
        )}
      </div>
      {state.kind === 'not-running' && (
        <p class="notice" data-test="connection-help">
          {texts.connection.notRunningHelp}
        </p>
      )}
      {(state.kind === 'wrong-version' || state.kind === 'replaced') && (
        <p class="notice">{texts.error(state.error)}</p>
      )}
      {state.kind === 'not-paired' && <Pairing />}
    </div>
  );
}

function Pairing() {
  const { connection, pair } = useServices();
  const texts = useTexts();
  const state = useObservable(connection);
  const [code, setCode] = useState('');
  const letters = readCode(code);
  return (
    <div class="notice">
      <p class="strong">{texts.pairing.title}</p>
      <p>{texts.pairing.help}</p>
      <div class="row">
        <TextField
          class="grow"
          value={code}
          label={texts.pairing.code}
          placeholder="XXXX-XXXX"
          onInput={setCode}
        />
        <Button
          variant="cta"
          disabled={letters.length !== codeLength}
          onClick={() => pair(letters)}
        >
          {texts.pairing.pair}
        </Button>
      </div>
      {state.kind === 'not-paired' && <p class="error">{texts.error(state.error)}</p>}
    </div>
  );
}

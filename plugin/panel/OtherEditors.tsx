import { useState } from 'preact/hooks';
import { isPspError } from '../../protocol/errors';
import { useObservable, useSemantics, useServices, useTexts } from './services';
import { Button } from './spectrum';

const editors = [
  ['gimp', 'GIMP 3'],
  ['krita', 'Krita 5'],
] as const;

/** The plug-ins of the other editors, installed by the bridge: nobody needs a terminal. */
export function OtherEditors() {
  const { bridge, connection } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const { kind } = useObservable(connection);
  const [said, setSaid] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const install = async (editor: (typeof editors)[number][0]) => {
    setSaid([]);
    setProblem(null);
    try {
      const { folders, next } = await bridge.installPlugIn(editor);
      setSaid([...folders.map(texts.editors.installed), texts.editors.next[editor] ?? next]);
    } catch (thrown) {
      if (!isPspError(thrown)) throw thrown;
      setProblem(texts.error(thrown));
    }
  };
  return (
    <div class="section" data-test="other-editors">
      <p class="heading">{texts.editors.title}</p>
      <p class="muted small">{texts.editors.help}</p>
      <div class="row wrap">
        {editors.map(([id, name]) => (
          <Button key={id} disabled={kind !== 'ready'} onClick={() => void install(id)}>
            {texts.editors.install(name)}
          </Button>
        ))}
      </div>
      <div {...semantics({ role: 'status' })}>
        {said.map((line) => (
          <p key={line} class="small">
            {line}
          </p>
        ))}
      </div>
      {problem !== null && <p class="error">{problem}</p>}
    </div>
  );
}

import { useState } from 'preact/hooks';
import { isPspError } from '../../protocol/errors';
import { faceParts, type FacePart } from '../../protocol/facePart';
import type { FoundFaces } from '../core/captureLayer';
import { findPart } from '../core/findPart';
import { useObservable, useSemantics, useServices, useTexts } from './services';
import { ActionButton } from './spectrum';

/** Selects a part of the chosen faces, in hosts that leave that to the panel. */
export function PartButtons({ found }: { readonly found: FoundFaces }) {
  const { host, bridge, faceChoice } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const choice = useObservable(faceChoice);
  const [busy, setBusy] = useState<FacePart | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { names, select, step, none } = texts.parts;
  if (!host.select) return null;

  const selectPart = async (part: FacePart): Promise<void> => {
    setBusy(part);
    setProblem(null);
    try {
      const areas = await findPart(host, bridge, found, choice, part);
      if (areas.length === 0) setProblem(none(names[part]));
      else await host.select!(found.target, step(names[part]), areas);
    } catch (thrown) {
      if (!isPspError(thrown)) throw thrown;
      setProblem(texts.error(thrown));
    } finally {
      setBusy(null);
    }
  };
  return (
    <>
      <div class="row wrap" {...semantics({ role: 'group', label: select })}>
        <span class="muted small">{select}</span>
        {faceParts.map((part) => (
          <ActionButton
            key={part}
            class="small-action"
            title={step(names[part])}
            disabled={busy !== null}
            onClick={() => void selectPart(part)}
          >
            {names[part]}
          </ActionButton>
        ))}
      </div>
      {problem !== null && <p class="muted small">{problem}</p>}
    </>
  );
}

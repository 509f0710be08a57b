import { PspError } from '../../../../protocol/errors';
import type { LayerCommit, LayerHandle, LayerTarget } from '../../../core/document';
import { addAbove } from './addLayers';
import type { Editor } from './editor';
import { requireLayer } from './lookUp';
import { enlargedCopy, newPicture } from './newDocument';
import type { Revisions } from './revisions';
import { keepingSelectedLayers } from './selectedLayers';
import { refusalOf } from './targets';
import { inFront, oneStep } from './undoStep';

/** @throws PspError DOCUMENT_CHANGED, BAD_INPUT; nothing is changed then. */
export function commitLayers(
  editor: Editor,
  revisions: Revisions,
  target: LayerTarget,
  commit: LayerCommit,
): Promise<readonly LayerHandle[]> {
  const { api } = editor;
  return editor.enter(commit.commandName, async (context) => {
    const { document, layer } = requireLayer(api, target);
    const refusal = refusalOf(api, document, layer);
    if (refusal !== null) throw new PspError('BAD_INPUT', refusal);
    const { space } = commit;
    if (space.kind === 'crop') return newPicture(api, context, document, commit);
    if (space.kind === 'enlarged') {
      return enlargedCopy(api, context, document, layer, space.factor, commit);
    }
    return inFront(api, document, () =>
      revisions.keep(document, null, () =>
        oneStep(context, document, commit.commandName, () =>
          keepingSelectedLayers(api, document, () => addAbove(api, document, layer, commit)),
        ),
      ),
    );
  });
}

import { useEffect, useMemo } from 'preact/hooks';
import type { Face, FaceRefusal } from '../../protocol/face';
import { boundsOfPoints, boundsWidth, type Bounds } from '../../protocol/geometry';
import type { FoundFaces } from '../core/captureLayer';
import { shrink } from '../core/resample';
import { PartButtons } from './PartButtons';
import { Picture } from './Picture';
import { Press } from './Press';
import { useObservable, useSemantics, useServices, useTexts } from './services';
import { ActionButton } from './spectrum';
import type { Texts } from './texts';
import { Thumbnail } from './Thumbnail';

const chipPixels = 96;

/** The selected layer and the faces found in it, to choose from. */
export function LayerCard() {
  const { faces } = useServices();
  const texts = useTexts();
  const state = useObservable(faces.state);
  const others = useObservable(faces.selected).length - 1;
  if (state.kind === 'no-layer') return <p class="section muted">{texts.layer.none}</p>;
  const { target } = state;
  return (
    <div class="section layer-card">
      <div class="row">
        {state.kind === 'found' && (
          <Thumbnail class="layer-thumbnail" pixels={state.found.preview.pixels} />
        )}
        <div class="grow">
          <div class="strong ellipsis" title={target.layerName}>
            {target.layerName}
          </div>
          <div class="muted small ellipsis">{target.documentName}</div>
          {others > 0 && (
            <div class="small" data-test="other-layers">
              {texts.layer.others(others)}
            </div>
          )}
        </div>
        <span class="muted small" data-test="face-count">
          {state.kind === 'found' && state.found.faces.length > 0
            ? texts.layer.faces(state.found.faces.length)
            : ''}
        </span>
      </div>
      {state.kind === 'refused' && <p class="error">{state.reason}</p>}
      {state.kind === 'offline' && <p class="muted small">{texts.layer.offline}</p>}
      {state.kind === 'searching' && <p class="muted small">{texts.layer.searching}</p>}
      {state.kind === 'failed' && (
        <div class="row">
          <p class="error grow">{texts.error(state.error)}</p>
          <ActionButton class="small-action" onClick={() => void faces.refresh()}>
            {texts.layer.again}
          </ActionButton>
        </div>
      )}
      {state.kind === 'found' && <FaceChips found={state.found} />}
    </div>
  );
}

function FaceChips({ found }: { readonly found: FoundFaces }) {
  const { faceChoice, settings } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const choice = useObservable(faceChoice);
  const { target, faces } = found;
  useEffect(() => {
    faceChoice.set(settings.value.faces);
  }, [target.documentId, target.layerId, faces.length]);

  if (faces.length === 0) return <p class="muted small">{texts.layer.noFace}</p>;
  const largest = faces.findIndex((face) => face.refusal === null);
  const isChosen = (index: number) =>
    faces[index]!.refusal === null &&
    (choice === 'all' || choice === index + 1 || (choice === 'largest' && index === largest));
  return (
    <>
      <div class="chips" {...semantics({ role: 'group', label: texts.layer.faces(faces.length) })}>
        {faces.length > 1 && (
          <div class={`chip ${choice === 'all' ? 'chip-chosen' : ''}`}>
            <span {...semantics({ hidden: true })}>{texts.layer.all}</span>
            <Press
              label={texts.layer.all}
              means={{ pressed: choice === 'all' }}
              onClick={() => faceChoice.set('all')}
            />
          </div>
        )}
        {faces.map((face, index) => (
          <FaceChip
            key={index}
            found={found}
            face={face}
            number={index + 1}
            isChosen={isChosen(index)}
          />
        ))}
      </div>
      {faces.some(({ refusal }) => refusal === null) && <PartButtons found={found} />}
      {faces.map(({ refusal }, index) =>
        refusal === null ? null : (
          <p key={index} class="muted small" data-test="refusal">
            {refusalOf(texts, refusal, index + 1)}
          </p>
        ),
      )}
    </>
  );
}

function refusalOf(texts: Texts, refusal: FaceRefusal, number: number): string {
  const reasons = {
    'too-small': texts.layer.tooSmall,
    'turned-away': texts.layer.turnedAway,
    unclear: texts.layer.unclear,
    unusable: texts.layer.unusable,
  };
  return texts.layer.refused(texts.layer.face(number), reasons[refusal]);
}

function FaceChip(props: {
  readonly found: FoundFaces;
  readonly face: Face;
  readonly number: number;
  readonly isChosen: boolean;
}) {
  const { faceChoice } = useServices();
  const texts = useTexts();
  const semantics = useSemantics();
  const { found, face, number, isChosen } = props;
  const pixels = useMemo(
    () => shrink(found.preview.pixels, chipPixels, cropInPreview(found, face)),
    [found.preview, face],
  );
  const title =
    face.refusal === null ? texts.layer.face(number) : refusalOf(texts, face.refusal, number);
  const classes = [
    'chip',
    isChosen ? 'chip-chosen' : '',
    face.refusal === null ? '' : 'chip-refused',
  ];
  return (
    <div class={classes.join(' ')}>
      <Picture class="chip-picture" pixels={pixels} />
      <span class="chip-number" {...semantics({ hidden: true })}>
        {number}
      </span>
      <Press
        label={title}
        title={title}
        disabled={face.refusal !== null}
        means={{ pressed: isChosen }}
        onClick={() => faceChoice.set(number)}
      />
    </div>
  );
}

/** The face's crop as an upright square in the preview's pixels. */
function cropInPreview({ preview }: FoundFaces, face: Face): Bounds {
  const scale = preview.pixels.width / boundsWidth(preview.bounds);
  return boundsOfPoints(
    face.quad.map((corner) => ({
      x: (corner.x - preview.bounds.left) * scale,
      y: (corner.y - preview.bounds.top) * scale,
    })),
  );
}

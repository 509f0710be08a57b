import { useState } from 'preact/hooks';
import { type OperationDeclaration } from '../../protocol/operation';
import { completeParameters } from '../../protocol/parameter';
import type { Capabilities } from '../core/bridge/bridge';
import type { HoleSource } from '../../capture/holes';
import { likenessName } from '../core/likenessTimes';
import { parametersFor } from '../core/settings';
import { finerThanModel } from './finerThanModel';
import { FoldLine } from './Fold';
import {
  hugeResult,
  keepParameters,
  modelFor,
  modelsFor,
  orderFor,
  runOnSelectedLayers,
} from './orders';
import { ParameterControl } from './ParameterControl';
import { useObservable, useSemantics, useServices, useTexts } from './services';
import { StartHint } from './StartHint';
import { ActionButton, Button, Dropdown } from './spectrum';
import { modelNeed, operationLabel, operationSummary } from './texts';
import { turnedFar } from './turnedFar';

/** What a beginner is pointed at: one click, and something to see on every photograph. */
const firstOperation = 'frontalize';

/** A button for every operation; its options fold out below it. */
export function OperationList(props: { onImport(): void }) {
  const { connection, unfolded } = useServices();
  const state = useObservable(connection);
  const open = useObservable(unfolded);
  if (state.kind !== 'ready') return null;
  const { capabilities } = state;
  const available = capabilities.operations.filter(
    (operation) => modelsFor(capabilities, operation).length > 0,
  );
  const missing = capabilities.operations.filter((operation) => !available.includes(operation));
  const first = available.find(({ id }) => id === firstOperation) ?? available[0];
  return (
    <div class="operations">
      {available.map((operation) => (
        <OperationRow
          key={operation.id}
          operation={operation}
          isFirst={operation === first}
          capabilities={capabilities}
          isOpen={open === operation.id}
          onToggle={() => unfolded.set(open === operation.id ? null : operation.id)}
        />
      ))}
      {missing.map((operation) => (
        <MissingRow key={operation.id} operation={operation} onImport={props.onImport} />
      ))}
    </div>
  );
}

interface RowProps {
  readonly operation: OperationDeclaration;
  readonly capabilities: Capabilities;
  readonly isOpen: boolean;
  readonly isFirst: boolean;
  onToggle(): void;
}

function OperationRow({ operation, capabilities, isOpen, isFirst, onToggle }: RowProps) {
  const services = useServices();
  const texts = useTexts();
  const layer = useObservable(services.faces.state);
  const settings = useObservable(services.settings);
  const model = modelFor(capabilities, settings, operation);
  const faces = layer.kind === 'found' ? layer.found.faces : [];
  const finer = model ? finerThanModel(operation, model.resolution, faces) : null;
  const isTurned = turnedFar(operation, faces, useObservable(services.faceChoice));
  const { length: selected } = useObservable(services.faces.selected);
  const semantics = useSemantics();
  const needsFace = operation.input === 'face';
  const hasFace = layer.kind !== 'found' || faces.some(({ refusal }) => refusal === null);
  // Of several layers only the first has been looked at: one that cannot be used is told by its name.
  const canRun =
    selected > 1 ||
    (layer.kind !== 'no-layer' && layer.kind !== 'refused' && (!needsFace || hasFace));
  const isStart = isFirst && settings.isNew && layer.kind === 'found' && canRun;
  const [isMade, setMade] = useState(false);
  /** Of the new document that is asked about. */
  const [megapixels, setMegapixels] = useState<number | null>(null);
  const run = async (isAsked = false) => {
    const order = orderFor(services, operation);
    const huge = isAsked ? null : await hugeResult(services.host, order);
    setMegapixels(huge);
    if (huge === null) setMade(!(await runOnSelectedLayers(services, order)));
  };
  const label = operationLabel(texts, operation);
  const drawnBy =
    model &&
    (finer === null
      ? texts.operation.drawnBy(model.name, model.resolution)
      : texts.operation.softer(model.name, model.resolution, finer)) +
      (isTurned ? texts.operation.turned : '');
  // The space bar unfolds, as it presses every button.
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !canRun) return;
    event.preventDefault();
    void run();
  };
  return (
    <div class={`operation ${isOpen ? 'operation-open' : ''}`} data-operation={operation.id}>
      {isStart && <StartHint />}
      <div class="operation-head">
        <FoldLine
          label={`${label} ${drawnBy ?? ''}`}
          title={operationSummary(texts, operation)}
          isOpen={isOpen}
          onToggle={onToggle}
          onKeyDown={onKey}
        >
          <span class="ellipsis">{label}</span>
          <span class="operation-model muted ellipsis" data-test="model">
            {drawnBy}
          </span>
        </FoldLine>
        <Button
          class="run"
          variant={isStart ? 'cta' : 'primary'}
          label={texts.operation.runIt(label)}
          disabled={!canRun}
          onClick={() => void run()}
        >
          {texts.operation.run}
        </Button>
      </div>
      {isMade && (
        <p class="notice-line small" data-test="already-there" {...semantics({ role: 'status' })}>
          {texts.result.alreadyThere}
        </p>
      )}
      {megapixels !== null && (
        <div class="row wrap" data-test="huge">
          <p class="notice-line small grow" {...semantics({ role: 'status' })}>
            {texts.operation.huge(megapixels)}
          </p>
          <ActionButton class="small-action" onClick={() => setMegapixels(null)}>
            {texts.job.cancel}
          </ActionButton>
          <ActionButton class="small-action" onClick={() => void run(true)}>
            {texts.operation.makeHuge}
          </ActionButton>
        </div>
      )}
      {isOpen && (
        <OperationOptions
          operation={operation}
          capabilities={capabilities}
          isSofter={finer !== null}
          isTurned={isTurned}
        />
      )}
    </div>
  );
}

function OperationOptions(props: {
  readonly operation: OperationDeclaration;
  readonly capabilities: Capabilities;
  readonly isSofter: boolean;
  readonly isTurned: boolean;
}) {
  const services = useServices();
  const texts = useTexts();
  const settings = useObservable(services.settings);
  const { operation, capabilities } = props;
  const values = parametersFor(settings, operation);
  const models = modelsFor(capabilities, operation);
  const model = modelFor(capabilities, settings, operation);
  // A choice that would change nothing is none.
  const shown = operation.parameters.filter(
    ({ name }) => name !== likenessName || model?.fits !== false,
  );
  return (
    <div class="options">
      <p class="muted small">{operationSummary(texts, operation)}</p>
      {props.isSofter && <p class="muted small">{texts.operation.softerHint}</p>}
      {props.isTurned && <p class="muted small">{texts.operation.turnedHint}</p>}
      {models.length > 1 && (
        <div class="control">
          <span class="control-label">{texts.operation.model}</span>
          <Dropdown
            label={texts.operation.model}
            value={model?.name ?? ''}
            choices={models.map(({ name }) => ({ value: name, label: name }))}
            onChange={(name) =>
              services.settings.update((all) => ({
                ...all,
                models: { ...all.models, [operation.id]: name },
              }))
            }
          />
        </div>
      )}
      {operation.mask === 'required' && (
        <div class="control">
          <span class="control-label">{texts.operation.hole}</span>
          <Dropdown
            label={texts.operation.hole}
            value={settings.hole}
            choices={(['selection', 'transparency'] as const).map((value) => ({
              value,
              label: texts.operation.holes[value],
            }))}
            onChange={(hole) =>
              services.settings.update((all) => ({ ...all, hole: hole as HoleSource }))
            }
          />
        </div>
      )}
      {shown.map((parameter) => (
        <ParameterControl
          key={parameter.name}
          parameter={parameter}
          tookMs={parameter.name === likenessName ? settings.likenessMs[operation.id] : undefined}
          value={values[parameter.name]!}
          onChange={(value) =>
            keepParameters(services, operation, { ...values, [parameter.name]: value })
          }
        />
      ))}
      <div class="row row-end">
        <ActionButton
          class="small-action"
          onClick={() => keepParameters(services, operation, completeParameters(operation, {}))}
        >
          {texts.operation.reset}
        </ActionButton>
      </div>
    </div>
  );
}

function MissingRow(props: { readonly operation: OperationDeclaration; onImport(): void }) {
  const texts = useTexts();
  const { operation, onImport } = props;
  return (
    <div class="operation" data-operation={operation.id}>
      <div class="operation-head">
        <div class="fold operation-missing grow">
          <span class="arrow" />
          <span class="fold-text">
            <span class="ellipsis">{operationLabel(texts, operation)}</span>
            <span class="operation-model">{modelNeed(texts, operation)}</span>
          </span>
        </div>
        <ActionButton class="small-action" onClick={onImport}>
          {texts.operation.import}
        </ActionButton>
      </div>
    </div>
  );
}

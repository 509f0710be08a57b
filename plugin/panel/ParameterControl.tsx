import type {
  ParameterDeclaration,
  ParameterValue,
  SeedParameter,
  SetParameter,
} from '../../protocol/parameter';
import { useSemantics, useServices, useTexts } from './services';
import { ActionButton, Checkbox, Dropdown, Slider, TextField } from './spectrum';
import { choiceLabel, formatTime, parameterHint, parameterLabel, type Texts } from './texts';

interface ControlProps<P extends ParameterDeclaration> {
  readonly parameter: P;
  readonly value: ParameterValue;
  /** What its choices took at last, where that is worth knowing before. */
  readonly tookMs?: Readonly<Partial<Record<string, number>>> | undefined;
  onChange(value: ParameterValue): void;
  /** Told when a slider comes to rest; other controls rest at every change. */
  onRest?(value: ParameterValue): void;
}

/** The control for a declared parameter: the declaration alone decides. */
export function ParameterControl({
  parameter,
  value,
  tookMs = {},
  onChange: change,
  onRest,
}: ControlProps<ParameterDeclaration>) {
  const onChange = (next: ParameterValue) => {
    change(next);
    if (parameter.kind !== 'number') onRest?.(next);
  };
  const texts = useTexts();
  const label = parameterLabel(texts, parameter);
  const hint = parameterHint(texts, parameter);
  switch (parameter.kind) {
    case 'number': {
      const { min, max, step } = parameter;
      const isShare = min === 0 && max <= 1;
      const text = isShare ? `${Math.round(Number(value) * 100)} %` : String(value);
      return (
        <div class="control" title={hint}>
          <span class="control-label">{label}</span>
          <Slider
            label={label}
            text={text}
            min={min}
            max={max}
            step={step}
            value={Number(value)}
            onInput={onChange}
            {...(onRest && { onChange: onRest })}
          />
          <span class="control-value">{text}</span>
        </div>
      );
    }
    case 'choice':
      return (
        <div class="control" title={hint}>
          <span class="control-label">{label}</span>
          <Dropdown
            label={label}
            value={String(value)}
            choices={parameter.choices.map((choice) => ({
              value: choice.value,
              label: withTime(texts, choiceLabel(texts, parameter, choice), tookMs[choice.value]),
            }))}
            onChange={onChange}
          />
        </div>
      );
    case 'switch':
      return (
        <div class="control" title={hint}>
          <Checkbox checked={value === true} onChange={onChange}>
            {label}
          </Checkbox>
        </div>
      );
    case 'seed':
      return (
        <div class="control" title={hint}>
          <span class="control-label">{label}</span>
          <Seed parameter={parameter} value={value} onChange={onChange} />
        </div>
      );
    case 'set':
      return (
        <div class="control" title={hint}>
          <span class="control-label">{label}</span>
          <ChoiceSet parameter={parameter} value={value} onChange={onChange} />
        </div>
      );
  }
}

const withTime = (texts: Texts, label: string, tookMs: number | undefined): string =>
  tookMs === undefined ? label : `${label} · ${formatTime(texts, tookMs)}`;

function Seed({ parameter, value, onChange }: ControlProps<SeedParameter>) {
  const { platform } = useServices();
  const texts = useTexts();
  const accept = (text: string) => {
    const seed = Number(text);
    // What is not a seed is not taken: the field goes back to the last one.
    const fits = Number.isInteger(seed) && seed >= parameter.min && seed <= parameter.max;
    onChange(text.trim() !== '' && fits ? seed : value);
  };
  return (
    <>
      <TextField class="seed" value={String(value)} label={parameter.label} onChange={accept} />
      <ActionButton
        class="small-action dice"
        title={texts.operation.dice}
        onClick={() => onChange(platform.randomSeed())}
      >
        ⚄
      </ActionButton>
    </>
  );
}

function ChoiceSet({ parameter, value, onChange }: ControlProps<SetParameter>) {
  const semantics = useSemantics();
  const texts = useTexts();
  const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
  const toggle = (entry: string) => {
    const next = parameter.choices
      .map((choice) => choice.value)
      .filter((other) => (other === entry ? !chosen.includes(other) : chosen.includes(other)));
    // A set is never empty: the last one stays.
    if (next.length > 0) onChange(next);
  };
  return (
    <div
      class="segments"
      {...semantics({ role: 'group', label: parameterLabel(texts, parameter) })}
    >
      {parameter.choices.map((choice) => (
        <button
          key={choice.value}
          class={`segment ${chosen.includes(choice.value) ? 'segment-chosen' : ''}`}
          {...semantics({ pressed: chosen.includes(choice.value) })}
          onClick={() => toggle(choice.value)}
        >
          {choiceLabel(texts, parameter, choice)}
        </button>
      ))}
    </div>
  );
}

import type { OperationDeclaration } from '../../../protocol/operation';
import type { ParameterDeclaration } from '../../../protocol/parameter';
import type { Settings } from '../../core/settings';
import { en, type Texts } from './en';
import { ko } from './ko';

export type { Texts } from './en';

/** @param systemLanguage what the editor or the browser speaks, as "ko-KR". */
export function chooseTexts(language: Settings['language'], systemLanguage: string): Texts {
  const wanted = language === 'auto' ? systemLanguage.slice(0, 2).toLowerCase() : language;
  return wanted === 'ko' ? ko : en;
}

export const operationLabel = (texts: Texts, operation: OperationDeclaration): string =>
  texts.operations[operation.id]?.label ?? operation.label;

export const operationSummary = (texts: Texts, operation: OperationDeclaration): string =>
  texts.operations[operation.id]?.summary ?? operation.summary;

/** Which file could be imported for it. */
export const modelNeed = (texts: Texts, { modelHint }: OperationDeclaration): string =>
  texts.models.need(texts.modelHints[modelHint] ?? modelHint);

export const parameterLabel = (texts: Texts, parameter: ParameterDeclaration): string =>
  texts.parameters[parameter.name]?.label ?? parameter.label;

export const parameterHint = (texts: Texts, parameter: ParameterDeclaration): string =>
  texts.parameters[parameter.name]?.hint ?? parameter.hint;

export const choiceLabel = (
  texts: Texts,
  parameter: ParameterDeclaration,
  choice: { readonly value: string; readonly label: string },
): string => texts.choices[parameter.name]?.[choice.value] ?? choice.label;

/** A span of time as a person would say it. */
export function formatTime(texts: Texts, milliseconds: number): string {
  if (milliseconds < 950) return texts.time.milliseconds(Math.round(milliseconds / 10) * 10);
  const seconds = milliseconds / 1000;
  if (seconds < 59.5)
    return texts.time.seconds(seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0));
  const whole = Math.round(seconds);
  return texts.time.minutes(Math.floor(whole / 60), whole % 60);
}

import type { ParameterValues } from '../../protocol/parameter';
import type { ModelPackage } from '../models/modelStore';
import type { EncoderSource, Operation } from '../operations/operation';
import { withMask } from './withMask';

/**
 * What the model's encoder is given of a source: the operation's own input, or what a photograph shows of
 * it where the model reads photographs.
 * @throws PspError BAD_INPUT when the operation cannot read the source
 */
export function modelInput(
  operation: Operation,
  source: EncoderSource,
  parameters: ParameterValues,
  { kind }: ModelPackage['input'],
): Float32Array {
  const shown = readsPhotographs(kind) ? operation.photographInput?.(source) : undefined;
  return withMask(shown ?? operation.encoderInput(source, parameters), source, kind);
}

export const readsPhotographs = (kind: ModelPackage['input']['kind']): boolean =>
  kind === 'rgb' || kind === 'rgb-mask';

import type { Latents } from '../../protocol/latents';
import type { ParameterValues } from '../../protocol/parameter';
import type { ModelPackage } from '../models/modelStore';
import type { Mirror, Operation } from '../operations/operation';

/** A face's codes before the operation's edit and after it: the same object where none took place. */
export interface EditedCodes {
  readonly before: Latents;
  readonly codes: Latents;
  /** After it but for its light: `before` where light is all that it changes, `null` where it changes none. */
  readonly unlit: Latents | null;
}

/** @param codes as they are before */
export async function editCodes(
  operation: Operation,
  codes: Latents,
  parameters: ParameterValues,
  model: ModelPackage,
  mirror: Mirror,
): Promise<EditedCodes> {
  const edit = async (values: ParameterValues): Promise<Latents> =>
    (await operation.edit?.(codes, values, model, mirror)) ?? codes;
  const rest = operation.withoutLight?.(parameters);
  const edited = await edit(parameters);
  if (!rest) return { before: codes, codes: edited, unlit: null };
  const unlit = await edit(rest);
  const same = unlit.data.every((value, i) => value === codes.data[i]);
  return { before: codes, codes: edited, unlit: same ? codes : unlit };
}

import type { Latents } from '../../protocol/latents';
import type { PartsReader } from '../faces';
import type { EncoderSource } from '../operations/operation';
import { readsPhotographs } from './modelInput';
import { withMask } from './withMask';
import type { Work } from './work';

/**
 * An encoder of photographs answers a painted picture x only nearly: the face of c = E(x) has other parts,
 * which painted the same way give x′. What it adds on the way, E(x′) − c, is taken off once: 2c − E(x′), as
 * ReStyle (Alaluf et al. 2021) corrects by what came out, with the encoder itself in place of a trained step.
 */
export async function lookAgain(
  { operation, model, networks, signal }: Work,
  codes: Latents,
  source: EncoderSource,
  reader: PartsReader,
): Promise<Latents> {
  const { kind, size } = model.input;
  if (!operation.drawnInput || !readsPhotographs(kind)) return codes;
  const [parts] = await reader.read([await networks.preview(codes, signal)], signal);
  const painted = withMask(operation.drawnInput(parts!, size), source, kind);
  const [came] = await networks.encode([painted], signal);
  return { ...codes, data: codes.data.map((value, i) => 2 * value - came!.data[i]!) };
}

import { PspError } from '../../../protocol/errors';
import { realName, versionOf } from '../../documents/fileVersion';
import { versionName, type Target } from '../../documents/writeFileAtomically';
import { isThere } from '../claimFiles';
import { resultNames, type ResultCount, type ResultFiles } from '../resultNames';
import type { Journal } from './journal';

export interface ClaimOptions {
  /** Real names of what the batch reads. */
  readonly read: ReadonlySet<string>;
  /** What the journal knows of a file that is there. */
  readonly stateOf: (file: string) => ReturnType<Journal['stateOf']>;
  readonly overwrite: boolean;
}

type Verdict = Target | 'input' | 'foreign' | 'changed' | 'of-another';

/**
 * A batch replaces its own results as long as they are what it wrote. Where one was changed since, it is
 * kept, and the new one becomes photo-frontalize-v2.psd, …
 * @throws PspError BAD_INPUT for a name that is an input, or that something else has
 */
export async function claimVersion(
  output: string,
  count: ResultCount,
  options: ClaimOptions,
): Promise<{ readonly files: ResultFiles<Target>; readonly remarks: readonly string[] }> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? output : versionName(output, number);
    const { documents: files } = resultNames(name, count);
    const verdicts = await Promise.all(files.map((file) => judge(file, options)));
    const documents = verdicts.filter((verdict) => typeof verdict === 'object');
    if (documents.length === files.length) {
      const kept = `${output} was changed since this batch wrote it and is kept.`;
      const remarks = number === 1 ? [] : [`${kept} The new result is ${files.join(', ')}.`];
      return { files: { documents, latents: [] }, remarks };
    }
    if (number > 1) continue;
    refuse(files, verdicts, 'input', 'is one of the inputs. Name another folder.');
    refuse(
      files,
      verdicts,
      'foreign',
      'exists and is not of this batch. Name another folder, or add --overwrite.',
    );
  }
}

async function judge(file: string, { read, stateOf, overwrite }: ClaimOptions): Promise<Verdict> {
  if (read.has(await realName(file))) return 'input';
  if (!(await isThere(file))) return { file, replaces: null };
  const replaces = await versionOf(file);
  if (overwrite) return { file, replaces };
  const state = await stateOf(file);
  return state === 'own' ? { file, replaces } : (state ?? 'foreign');
}

function refuse(
  files: readonly string[],
  verdicts: readonly Verdict[],
  verdict: Verdict,
  why: string,
): void {
  const found = files.filter((_, i) => verdicts[i] === verdict);
  if (found.length > 0) throw new PspError('BAD_INPUT', `${found.join(', ')} ${why}`);
}

import type { Job } from './job';
import type { Observable } from './observable';
import type { Settings } from './settings';

/** The parameter that says how far codes are fitted to a photograph. */
export const likenessName = 'likeness';
/** That does not fit them. */
const unfitted = 'fast';

/**
 * Keeps what a face took on this machine, so that the choice of likeness can say it. A fit that the
 * bridge remembered says nothing of what the next one will take.
 * @returns the way to stop
 */
export function learnLikenessTimes(
  jobs: Observable<readonly Job[]>,
  settings: Observable<Settings>,
): () => void {
  const counted = new Set<number>();
  return jobs.subscribe((all) => {
    for (const { id, order, state } of all) {
      if (state.kind !== 'done' || counted.has(id)) continue;
      counted.add(id);
      const { workMs, glimpses, faces } = state.result;
      const level = order.parameters[likenessName];
      if (typeof level !== 'string' || faces !== 1) continue;
      if (level !== unfitted && glimpses < 2) continue;
      const { id: operation } = order.operation;
      settings.update((known) => ({
        ...known,
        likenessMs: {
          ...known.likenessMs,
          [operation]: { ...known.likenessMs[operation], [level]: Math.round(workMs) },
        },
      }));
    }
  });
}

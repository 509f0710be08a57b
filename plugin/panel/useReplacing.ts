import { useEffect, useRef } from 'preact/hooks';
import type { Job, MadeLayer } from '../core/job';
import { useServices } from './services';

/**
 * For controls that replace what a layer holds.
 * @param onElsewhere called at first, and when the layer holds what these controls did not just make: after undo, or by
 *   others
 * @returns what is told of each new content, and of the one before it
 */
export function useReplacing(
  job: Job,
  layer: MadeLayer,
  onElsewhere: () => void,
): (made: MadeLayer, replaced: MadeLayer) => void {
  const { jobs } = useServices();
  /** What the hand has just made: its controls may be somewhere else again by now. */
  const own = useRef<string | null>(null);
  useEffect(() => {
    if (own.current !== layer.revision) onElsewhere();
    own.current = null;
  }, [layer.revision]);
  return (made, replaced) => {
    own.current = made.revision;
    jobs.updateLayer(job.id, made, replaced);
  };
}

import type { Progress } from '../../protocol/job';

/** Learns how long a step of each kind of job takes, and says how much longer one will. */
export class Estimate {
  private readonly stepMs = new Map<string, number>();

  /** `null` while nothing is known of this kind of job. */
  remainingMs(kind: string, { done, total }: Progress, elapsedMs: number): number | null {
    const usual = this.stepMs.get(kind);
    if (usual !== undefined) return Math.max(0, Math.round(usual * total - elapsedMs));
    return done > 0 ? Math.round((elapsedMs / done) * (total - done)) : null;
  }

  learn(kind: string, steps: number, elapsedMs: number): void {
    if (steps > 0) this.stepMs.set(kind, elapsedMs / steps);
  }
}

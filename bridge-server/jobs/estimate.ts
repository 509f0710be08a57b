import type { Progress, Stage } from '../../protocol/job';

/** Where jobs of a kind were when a part of their time had passed. */
interface Point {
  readonly stage: Stage;
  /** Steps done, 0..1. */
  readonly position: number;
  /** Of the whole time, 0..1. */
  readonly share: number;
}

interface Profile {
  readonly stepMs: number;
  readonly points: readonly Point[];
}

export interface Remaining {
  /** How much of the work is done, 0..1, by what earlier jobs of this kind cost; `null` without any. */
  readonly share: number | null;
  /** `null` while nothing is known. */
  readonly remainingMs: number | null;
}

/** From here on a job's own pace tells more than that of earlier ones. */
const ownPaceShare = 0.25;
/** Steps cost differently: the first half of them says little of a job that is the first of its kind. */
const firstGuess = 0.5;

/** Learns from each job what its stages cost, and says of the next how far it is and how much longer it takes. */
export class Estimate {
  private readonly known = new Map<string, Profile>();

  follow(kind: string): JobEstimate {
    return new JobEstimate(this.known.get(kind), (profile) => this.known.set(kind, profile));
  }
}

class JobEstimate {
  private readonly seen: { readonly progress: Progress; readonly elapsedMs: number }[] = [];
  private share = 0;

  constructor(
    private readonly usual: Profile | undefined,
    private readonly learn: (profile: Profile) => void,
  ) {}

  at(progress: Progress, elapsedMs: number): Remaining {
    this.seen.push({ progress, elapsedMs });
    const position = positionOf(progress);
    if (!this.usual) {
      const isGuessed = position >= firstGuess;
      return {
        share: null,
        remainingMs: isGuessed ? (elapsedMs * (1 - position)) / position : null,
      };
    }
    const passed = this.usual.points.filter(
      (point) => point.stage === progress.stage && point.position <= position,
    );
    this.share = Math.max(this.share, ...passed.map((point) => point.share));
    const { share } = this;
    const wholeMs = share > ownPaceShare ? elapsedMs / share : this.usual.stepMs * progress.total;
    return { share, remainingMs: Math.round(wholeMs * (1 - share)) };
  }

  end(workMs: number): void {
    const total = this.seen.at(-1)?.progress.total ?? 0;
    if (total === 0 || workMs <= 0) return;
    this.learn({
      stepMs: workMs / total,
      points: this.seen.map(({ progress, elapsedMs }) => ({
        stage: progress.stage,
        position: positionOf(progress),
        share: elapsedMs / workMs,
      })),
    });
  }
}

const positionOf = ({ done, total }: Progress): number => (total === 0 ? 0 : done / total);

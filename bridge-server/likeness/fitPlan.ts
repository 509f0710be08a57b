import type { FitPlan } from './fitCodes';
import { scaleSides, type Balance, type FitQuestion } from './fitNetwork';

/** What a photograph weighs: colours and edges, features in their places, and who it is. */
const photograph: Balance = { picture: 1, features: 0.3, identity: 0.43 };

/** From the encoder's answer; the anchor holds what the photograph says nothing about. */
const restraint = { anchor: 0.004, spread: 0.02 };

export const plans = {
  close: { steps: 10, untilNoGain: false, rate: 0.06, restraint },
  closest: { steps: 120, untilNoGain: true, rate: 0.06, restraint },
} as const satisfies Record<string, FitPlan>;

/**
 * Cells a side up to which a face is only its colours, and from which it is its person too: to the
 * identity network a blurred face is somebody else, and codes fitted to that leave whom it shows.
 */
const [faceless, personal] = [64, 128];

/** Of the resolution: an estimate may fall a little short of a scale that is there. */
const slack = 1.1;

/** Equal weights for the finest four scales that the picture tells apart; the coarsest always. */
export function scalesFor(resolution: number): readonly number[] {
  const told = scaleSides.map(
    (side, i) => side <= resolution * slack || i + 1 === scaleSides.length,
  );
  const first = told.indexOf(true);
  const used = told.map((is, i) => is && i < first + 4);
  const count = used.filter(Boolean).length;
  return used.map((is) => (is ? 1 / count : 0));
}

/** What fitted codes are asked to show of the source. */
export interface FitWish {
  /** [size, size], 0..1: what of it counts; `null` for all. */
  readonly known: Float32Array | null;
  /** Cells that the source really tells apart along its side: finer detail says nothing. */
  readonly resolution: number;
  /** Whether who it shows counts; not where the photograph itself stays and says so. */
  readonly person: boolean;
}

/**
 * The question that a photograph asks of its codes.
 * @param picture [3, 256, 256] in −1..1
 */
export function photographQuestion(picture: Float32Array, wish: FitWish): FitQuestion {
  return {
    picture,
    known: wish.known ?? new Float32Array(picture.length / 3).fill(1),
    person: picture,
    scales: scalesFor(wish.resolution),
    balance: balanceFor(wish),
  };
}

function balanceFor({ resolution, person }: FitWish): Balance {
  const share = (resolution - faceless) / (personal - faceless);
  const { picture, features, identity } = photograph;
  const seen = Math.min(1, Math.max(0, share));
  return { picture, features: seen * features, identity: person ? seen * identity : 0 };
}

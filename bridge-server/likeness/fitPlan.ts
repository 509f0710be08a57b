import type { FitPlan } from './fitCodes';
import { fitSide, scaleSides, type Balance, type FitQuestion } from './fitNetwork';

/** What a photograph weighs: colours and edges, features in their places, and who it is. */
const photograph: Balance = { picture: 1, features: 0.3, identity: 0.43 };

/** From the encoder's answer; the anchor holds what the photograph says nothing about. */
const restraint = { anchor: 0.004, spread: 0.02 };

export const plans = {
  close: { steps: 10, untilNoGain: false, rate: 0.06, restraint },
  closest: { steps: 120, untilNoGain: true, rate: 0.06, restraint },
} as const satisfies Record<string, FitPlan>;

/** Once a head is turned: some steps on whose it is, near where turning has led. */
export const holdPlan = (steps: number): FitPlan => ({
  steps,
  untilNoGain: false,
  rate: 0.03,
  restraint: { anchor: 0.02, spread: 0.02 },
});
const turned: Balance = { picture: 2, features: 0, identity: 1 };

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

/**
 * The question that a photograph asks of its codes.
 * @param picture [3, 256, 256] in −1..1
 * @param known [256, 256], 0..1; `null` for all of it
 */
export function photographQuestion(
  picture: Float32Array,
  known: Float32Array | null,
  resolution: number,
): FitQuestion {
  return {
    picture,
    known: known ?? new Float32Array(picture.length / 3).fill(1),
    person: picture,
    scales: scalesFor(resolution),
    balance: balanceFor(resolution),
  };
}

function balanceFor(resolution: number): Balance {
  const share = (resolution - faceless) / (personal - faceless);
  const { picture, features, identity } = photograph;
  const seen = Math.min(1, Math.max(0, share));
  return { picture, features: seen * features, identity: seen * identity };
}

/** Where skin is in an aligned face: an ellipse from the brow to the chin, in shares of the side. */
const skin = { x: 0.5, y: 0.58, width: 0.2, height: 0.24 } as const;

/**
 * The question that a turned face answers: the person of the photograph, in its skin's mean colour, at
 * the pose that was turned to.
 * @param photograph, face [3, 256, 256] in −1..1
 */
export function turnedQuestion(photograph: Float32Array, face: Float32Array): FitQuestion {
  const plane = fitSide * fitSide;
  const weights = Float32Array.from({ length: plane }, (_, i) => {
    const x = ((i % fitSide) + 0.5) / fitSide - skin.x;
    const y = (Math.floor(i / fitSide) + 0.5) / fitSide - skin.y;
    return Math.exp(-2 * ((x / skin.width) ** 4 + (y / skin.height) ** 4));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const picture = face.slice();
  for (let c = 0; c < 3; c += 1) {
    let shift = 0;
    for (let i = 0; i < plane; i += 1) {
      shift += ((photograph[c * plane + i]! - face[c * plane + i]!) * weights[i]!) / sum;
    }
    for (let i = 0; i < plane; i += 1) picture[c * plane + i]! += shift * weights[i]!;
  }
  return {
    picture,
    known: new Float32Array(plane).fill(1),
    person: photograph,
    // Colours, not edges: those of the turned face are the generator's own.
    scales: scalesFor(scaleSides.at(-2)!),
    balance: turned,
  };
}

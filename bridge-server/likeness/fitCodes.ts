import { createAdam } from './adam';
import type { Balance, FitAnswer, FitNetwork, FitQuestion } from './fitNetwork';
import { addRestraint, type Restraint } from './restraint';
import type { View } from './view';

export interface FitPlan {
  /** At most. */
  readonly steps: number;
  /** Fewer where nothing more is gained. */
  readonly untilNoGain: boolean;
  /** Of Adam, in deviations of W; falls over the last two thirds. */
  readonly rate: number;
  readonly restraint: Restraint;
}

export interface FitStep {
  /** Steps done; 0 is the start's own picture. */
  readonly done: number;
  /** At most; fewer where fitting ends early. */
  readonly total: number;
  readonly terms: Balance;
  /** [3, 256, 256], about −1..1. */
  readonly image: Float32Array;
}

export interface FitOptions {
  readonly signal: AbortSignal;
  readonly onStep?: (step: FitStep) => void;
}

export interface FittedCodes {
  /** [nStyles, D] */
  readonly codes: Float32Array;
  readonly before: Balance;
  readonly after: Balance;
  readonly steps: number;
}

/** Gains are compared over as many steps, and less than this share of the loss is none. */
const window = 6;
/** Steps after which the decoder is asked again. */
const correctEvery = 4;
const minGain = 0.03;

/**
 * Moves codes until their picture shows what is asked: gradient descent in W+ (Abdal et al. 2019),
 * from the encoder's answer instead of the mean. The same start and plan give the same codes.
 * @param start [nStyles, D]
 * @param views taken by turns
 * @returns the start's own codes where fitting did not come nearer
 * @throws PspError INFERENCE_FAILED, CANCELLED within one step
 */
export async function fitCodes(
  network: FitNetwork,
  start: Float32Array,
  nStyles: number,
  question: FitQuestion,
  views: readonly View[],
  plan: FitPlan,
  { signal, onStep }: FitOptions,
): Promise<FittedCodes> {
  const styleDim = start.length / nStyles;
  let correction = await missingIn(await network.look(start, signal), start);
  const first = await network.ask(start, correction, question, views[0]!, signal);
  const { mean, deviation } = first;
  const anchor = Float64Array.from(start, (w, i) => (w - mean[i % styleDim]!) / unit(i));
  const offsets = anchor.slice();
  const gradient = new Float64Array(start.length);
  const step = createAdam(offsets);
  const losses: number[] = [];
  let total = plan.steps;
  let codes = start;
  let answer = first;

  for (let done = 0; done < total; done += 1) {
    show(done);
    for (let i = 0; i < gradient.length; i += 1) gradient[i] = answer.gradient[i]! * unit(i);
    const held = addRestraint(offsets, anchor, nStyles, plan.restraint, gradient);
    losses.push(weighted(answer, question) + held);
    if (plan.untilNoGain && total === plan.steps && !gains(losses)) {
      total = Math.min(total, done + settling);
    }
    // Before the last steps it would gain nothing any more.
    if (done > 0 && done % correctEvery === 0 && total - done > correctEvery / 2) {
      correction = await missingIn(answer.image, codes);
    }
    step(gradient, rateAt(done, total));
    codes = Float32Array.from(offsets, (x, i) => mean[i % styleDim]! + x * unit(i));
    // The last is seen as the first was, so that the two compare.
    const view = done + 1 === total ? 0 : (done + 1) % views.length;
    answer = await network.ask(codes, correction, question, views[view]!, signal);
  }
  show(total);
  const nearer = weighted(answer, question) < weighted(first, question);
  return {
    codes: nearer ? codes : start,
    before: first.terms,
    after: nearer ? answer.terms : first.terms,
    steps: total,
  };

  /** The head's picture is the decoder's but for a difference that changes little from step to step. */
  async function missingIn(image: Float32Array, at: Float32Array): Promise<Float32Array> {
    const drawn = await network.draw(at, signal);
    return drawn.map((value, i) => value - image[i]!);
  }

  function show(done: number): void {
    const image = answer.image.map((value, i) => value + correction[i]!);
    onStep?.({ done, total, terms: answer.terms, image });
  }

  function unit(i: number): number {
    return deviation[i % styleDim]!;
  }

  function rateAt(done: number, end: number): number {
    const falling = plan.untilNoGain ? Math.min(settling, (end * 2) / 3) : (end * 2) / 3;
    return plan.rate * Math.min(1, (end - done) / falling);
  }
}

/** Steps that the rate takes to fall once nothing more is gained. */
const settling = 12;

const weighted = ({ terms }: FitAnswer, { balance }: FitQuestion): number =>
  terms.picture * balance.picture +
  terms.features * balance.features +
  terms.identity * balance.identity;

/** Whether the last steps were better than those before them. */
function gains(losses: readonly number[]): boolean {
  if (losses.length < 2 * window) return true;
  const sum = (from: number, to: number): number =>
    losses.slice(from, to).reduce((total, loss) => total + loss, 0);
  const end = losses.length;
  return sum(end - window, end) < (1 - minGain) * sum(end - 2 * window, end - window);
}

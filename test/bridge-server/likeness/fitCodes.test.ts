import {
  fitCodes,
  type FitNetwork,
  type FitQuestion,
  type FitStep,
} from '../../../bridge-server/likeness';
import { fitViews } from '../../../bridge-server/likeness';
import { PspError } from '../../../protocol/errors';

const [nStyles, styleDim] = [3, 4];
const mean = Float32Array.of(0.5, -0.5, 0, 1);
const deviation = Float32Array.of(0.5, 1, 2, 0.25);
const wanted = Float32Array.from(
  { length: 12 },
  (_, i) => mean[i % 4]! + deviation[i % 4]! * ((i % 5) / 5 - 0.4),
);
const nothing = new Float32Array();
const question: FitQuestion = {
  picture: new Float32Array(12),
  known: nothing,
  person: nothing,
  scales: [1],
  balance: { picture: 2, features: 0, identity: 0 },
};
const plan = { steps: 40, untilNoGain: false, rate: 0.06, restraint: { anchor: 0, spread: 0 } };
const start = Float32Array.from({ length: 12 }, (_, i) => mean[i % 4]!);
const views = fitViews(256).slice(0, 1);

/** What the decoder shows more than the graph's head. */
const difference = 0.1;

/** A valley: the squared distance, in deviations, of the picture to the wanted one; pictures are codes. */
function valley(asked: { count: number } = { count: 0 }): FitNetwork {
  return {
    ask: (codes, correction, { balance }, _view, signal) => {
      if (signal.aborted) return Promise.reject(new PspError('CANCELLED', 'Cancelled.'));
      asked.count += 1;
      const apart = codes.map((w, i) => (w + correction[i]! - wanted[i]!) / deviation[i % 4]!);
      const picture = apart.reduce((sum, x) => sum + x * x, 0);
      const gradient = apart.map((x, i) => (balance.picture * 2 * x) / deviation[i % 4]!);
      const terms = { picture, features: 0, identity: 0 };
      return Promise.resolve({ terms, gradient, image: codes.slice(), mean, deviation });
    },
    look: (codes) => Promise.resolve(codes.slice()),
    draw: (codes) => Promise.resolve(codes.map((w, i) => w + difference * deviation[i % 4]!)),
  };
}

const run = (network: FitNetwork, change: Partial<typeof plan> = {}, options = {}) =>
  fitCodes(
    network,
    start,
    nStyles,
    question,
    views,
    { ...plan, ...change },
    {
      signal: new AbortController().signal,
      ...options,
    },
  );

describe('fitCodes', () => {
  it('walks into the valley, in deviations of W', async () => {
    const { codes, before, after, steps } = await run(valley());
    expect(steps).toBe(40);
    expect(after.picture).toBeLessThan(before.picture / 20);
    // What the decoder draws, not what the graph's own head does.
    codes.forEach((w, i) => {
      const shown = w + difference * deviation[i % 4]!;
      expect(Math.abs(shown - wanted[i]!)).toBeLessThan(0.05 * deviation[i % 4]!);
    });
  });

  it('gives the same codes for the same steps', async () => {
    expect((await run(valley())).codes).toEqual((await run(valley())).codes);
  });

  it('is held near its start by the anchor, and styles together by the spread', async () => {
    const free = await run(valley());
    const held = await run(valley(), { restraint: { anchor: 50, spread: 0 } });
    const alike = await run(valley(), { restraint: { anchor: 0, spread: 500 } });
    const away = (codes: Float32Array) => Math.hypot(...codes.map((w, i) => w - start[i]!));
    const apart = (codes: Float32Array) =>
      Math.hypot(...codes.slice(0, 4).map((w, i) => w - codes[i + 4]!));
    expect(away(held.codes)).toBeLessThan(0.7 * away(free.codes));
    expect(apart(alike.codes)).toBeLessThan(0.5 * apart(free.codes));
    expect(styleDim * nStyles).toBe(held.codes.length);
  });

  it('ends early where nothing more is gained', async () => {
    const asked = { count: 0 };
    const { steps, after } = await run(valley(asked), {
      steps: 300,
      untilNoGain: true,
      restraint: { anchor: 0.5, spread: 0 },
    });
    expect(steps).toBeLessThan(120);
    expect(asked.count).toBe(steps + 1);
    expect(after.picture).toBeLessThan(0.1);
  });

  it('shows every step, the start first', async () => {
    const shown: FitStep[] = [];
    await run(valley(), { steps: 5 }, { onStep: (step: FitStep) => shown.push(step) });
    expect(shown.map(({ done, total }) => `${done}/${total}`)).toEqual([
      '0/5',
      '1/5',
      '2/5',
      '3/5',
      '4/5',
      '5/5',
    ]);
    shown[0]!.image.forEach((value, i) => {
      expect(value).toBeCloseTo(start[i]! + difference * deviation[i % 4]!, 5);
    });
  });

  it('is cancelled within one step', async () => {
    const controller = new AbortController();
    const asked = { count: 0 };
    const cancelled = run(
      valley(asked),
      {},
      {
        signal: controller.signal,
        onStep: ({ done }: FitStep) => done === 3 && controller.abort(),
      },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(asked.count).toBe(4);
  });

  it('keeps its start where fitting leads away', async () => {
    const hill: FitNetwork = {
      ...valley(),
      ask: async (...given) => {
        const answer = await valley().ask(...given);
        return { ...answer, gradient: answer.gradient.map((slope) => -slope) };
      },
    };
    const { codes, after, before } = await run(hill);
    expect(codes).toEqual(start);
    expect(after).toEqual(before);
  });
});

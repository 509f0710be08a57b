/** One measured value; `name` says what, `unit` how it is counted. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** The fastest of several runs, in milliseconds: what the code takes when nothing else disturbs it. */
export async function fastest(runs: number, work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < runs; i += 1) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

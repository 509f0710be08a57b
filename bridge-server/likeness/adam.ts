const [keepMean, keepSquare, tiny] = [0.9, 0.95, 1e-8];

/**
 * Adam (Kingma and Ba 2015) with a short memory of squares: fits take tens of steps, not thousands.
 * @returns a function that moves `values` one step against `gradient`
 */
export function createAdam(values: Float64Array): (gradient: Float64Array, rate: number) => void {
  const mean = new Float64Array(values.length);
  const square = new Float64Array(values.length);
  let steps = 0;
  return (gradient, rate) => {
    steps += 1;
    const meanShare = 1 - keepMean ** steps;
    const squareShare = 1 - keepSquare ** steps;
    for (let i = 0; i < values.length; i += 1) {
      const slope = gradient[i]!;
      mean[i] = keepMean * mean[i]! + (1 - keepMean) * slope;
      square[i] = keepSquare * square[i]! + (1 - keepSquare) * slope * slope;
      const spread = Math.sqrt(square[i]! / squareShare) + tiny;
      values[i]! -= (rate * (mean[i]! / meanShare)) / spread;
    }
  };
}

/** How strongly codes are held back; both in units of W's deviation, as mean squares. */
export interface Restraint {
  /** From leaving the anchor. */
  readonly anchor: number;
  /** From giving every style a face of its own: mixing and directions expect them alike. */
  readonly spread: number;
}

/**
 * Adds the restraints' gradient.
 * @param offsets, anchor, gradient [nStyles, D], in deviations from the mean of W
 * @returns anchor · mean((x − a)²) + spread · mean((x − mean over styles)²)
 */
export function addRestraint(
  offsets: Float64Array,
  anchor: Float64Array,
  nStyles: number,
  restraint: Restraint,
  gradient: Float64Array,
): number {
  const count = offsets.length;
  const styleDim = count / nStyles;
  let loss = 0;
  for (let d = 0; d < styleDim; d += 1) {
    let mean = 0;
    for (let i = d; i < count; i += styleDim) mean += offsets[i]! / nStyles;
    for (let i = d; i < count; i += styleDim) {
      const left = offsets[i]! - anchor[i]!;
      const apart = offsets[i]! - mean;
      loss += (restraint.anchor * left * left + restraint.spread * apart * apart) / count;
      gradient[i]! += (2 / count) * (restraint.anchor * left + restraint.spread * apart);
    }
  }
  return loss;
}

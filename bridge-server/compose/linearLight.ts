/* Both 0..1, by IEC 61966-2-1, from tables: within 1e-6, and many times sooner than a power. */

const steps = 2 ** 14;

export const toLinear = fromTable((value) =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
);

export const toSrgb = fromTable((value) =>
  value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055,
);

/** Linear between the table's entries; beyond 0..1 the function itself. */
function fromTable(exact: (value: number) => number): (value: number) => number {
  const table = Float64Array.from({ length: steps + 1 }, (_, i) => exact(i / steps));
  return (value) => {
    if (!(value >= 0 && value < 1)) return exact(value);
    const place = value * steps;
    const low = place | 0;
    const start = table[low]!;
    return start + (place - low) * (table[low + 1]! - start);
  };
}

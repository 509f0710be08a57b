import type { FacePlanes } from '../faces';
import { enlargedRows, type Grid, type UnitBox } from './grid';
import { along, type Curves } from './matchColour';

/** Pixels around what is shown that its filter may read. */
const reach = 16;

/**
 * A picture's planes with their colours along curves, then shifted by what three smooth planes say and held
 * within 0..1.
 * @param box what will be looked at: around it the planes are left as they are; `null` for everything
 */
export function recolour(
  { size, rgb }: FacePlanes,
  curves: Curves | null,
  shift: Grid | null,
  box: UnitBox | null,
): Float32Array {
  if (!curves && !shift) return rgb;
  const out = rgb.slice();
  const { left, top, right, bottom } = box ?? { left: 0, top: 0, right: 1, bottom: 1 };
  const first = (share: number): number => Math.max(0, Math.floor(share * size) - reach);
  const end = (share: number): number => Math.min(size, Math.ceil(share * size) + reach);
  const columns = [first(left), end(right)] as const;
  const shiftAt = shift && enlargedRows(shift, size, columns);
  for (let y = first(top); y < end(bottom); y++) {
    const offsets = shiftAt?.(y);
    for (let c = 0; c < 3; c++) {
      const row = out.subarray((c * size + y) * size, (c * size + y + 1) * size);
      const [curve, offset] = [curves?.[c], offsets?.[c]];
      for (let x = columns[0]; x < columns[1]; x++) {
        const value = curve ? along(curve, row[x]!) : row[x]!;
        if (!offset) row[x] = value;
        else row[x] = clamp01(value + offset[x]!);
      }
    }
  }
  return out;
}

const clamp01 = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);

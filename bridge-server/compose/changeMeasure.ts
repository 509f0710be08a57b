import { smoothstep } from '../faces';
import { blur, difference, type Grid } from './grid';

/* Shares of the crop's side. */
/** What is slower than this is light and colour, not form. */
const formScale = 0.03;
/** The measure's own smoothness: pores neither count nor flicker. */
const smoothness = 0.006;

/** Forms that differ by this (in 0..1) are other forms: e⁻¹ of the photograph is left. */
const otherForm = 0.07;
/** A change of colour up to the first is light and complexion; from the second on it is another thing. */
const [sameThing, otherThing] = [0.22, 0.5];

/**
 * How far two pictures of the same crop show the same forms, 0..1: 1 where the photograph's detail
 * belongs to both, 0 where one shows what the other has not. Changes of light and colour do not count
 * until they are as large as between hair and wall.
 */
export function agreement(before: Grid, after: Grid): Float32Array {
  const { side } = before;
  const form = new Float32Array(side * side);
  const colour = new Float32Array(side * side);
  before.planes.forEach((plane, c) => {
    const other = after.planes[c]!;
    const change = difference(other, plane);
    const slow = blur(change, side, formScale * side);
    for (let i = 0; i < form.length; i++) {
      const fine = change[i]! - slow[i]!;
      form[i]! += fine * fine;
      colour[i] = Math.max(colour[i]!, Math.abs(slow[i]!));
    }
  });
  const smoothed = blur(form, side, smoothness * side);
  const agreeing = new Float32Array(side * side);
  for (let i = 0; i < agreeing.length; i++) {
    const other = smoothstep((colour[i]! - sameThing) / (otherThing - sameThing));
    agreeing[i] = Math.exp(-smoothed[i]! / (3 * otherForm ** 2)) * (1 - other);
  }
  return agreeing;
}

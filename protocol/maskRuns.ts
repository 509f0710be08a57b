import { PspError } from './errors';

/*
 * A mask is smooth: as runs of two bytes it takes a fifth of its room. The first says how many values, 1 to 255, the
 * second by how much each differs from the one a row above, modulo 256; above the first row all is 0.
 */

/** @returns `null` where they take as much room as the mask */
export function encodeRuns(mask: Uint8Array, width: number): Uint8Array | null {
  const runs = new Uint8Array(mask.length);
  let at = 0;
  for (let start = 0; start < mask.length; at += 2) {
    if (at + 2 >= runs.length) return null;
    const change = changeAt(mask, start, width);
    const most = Math.min(start + 0xff, mask.length);
    let end = start + 1;
    while (end < most && changeAt(mask, end, width) === change) end += 1;
    runs[at] = end - start;
    runs[at + 1] = change;
    start = end;
  }
  return runs.slice(0, at);
}

const changeAt = (mask: Uint8Array, at: number, width: number): number =>
  at < width ? mask[at]! : (mask[at]! - mask[at - width]!) & 0xff;

/**
 * @param area in pixels
 * @throws PspError BAD_MESSAGE where the runs do not fill it
 */
export function decodeRuns(runs: Uint8Array, width: number, area: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(area);
  let start = 0;
  for (let at = 0; at < runs.length; at += 2) {
    const end = start + runs[at]!;
    const change = runs[at + 1];
    if (end === start || end > area || change === undefined) throw unfit();
    for (let i = start; i < end; i += 1) mask[i] = i < width ? change : mask[i - width]! + change;
    start = end;
  }
  if (start !== area) throw unfit();
  return mask;
}

const unfit = (): PspError =>
  new PspError('BAD_MESSAGE', 'The runs of a mask do not fill it. Send it again.');

import { PspError } from './errors';
import type { Raster } from './raster';

/*
 * What a layer's mask hides is empty, as a rule, and then need not travel: the pixels that are shown do, one after the
 * other from the top left.
 */
type Samples = Raster['data'];

/** RGBA of every shown pixel; `null` where all are shown, or none, or a hidden one is not empty. */
export function withoutHidden(rgba: Samples, mask: Uint8Array): Samples | null {
  const count = countShown(mask);
  if (count === 0 || count === mask.length) return null;
  const shown = emptyLike(rgba, count);
  let at = 0;
  for (let start = 0; start < mask.length;) {
    const end = stretchEnd(mask, start);
    const stretch = rgba.subarray(4 * start, 4 * end);
    if (mask[start] !== 0) {
      shown.set(stretch, at);
      at += stretch.length;
    } else if (!isEmpty(stretch)) return null;
    start = end;
  }
  return shown;
}

/** The opposite: RGBA of every pixel. @throws PspError BAD_MESSAGE where they are not as many as the mask shows */
export function withHidden(shown: Samples, mask: Uint8Array): Samples {
  if (shown.length !== 4 * countShown(mask)) {
    const message = 'The pixels of a layer are not as many as its mask shows. Send it again.';
    throw new PspError('BAD_MESSAGE', message);
  }
  const rgba = emptyLike(shown, mask.length);
  let at = 0;
  for (let start = 0; start < mask.length;) {
    const end = stretchEnd(mask, start);
    if (mask[start] !== 0) {
      const next = at + 4 * (end - start);
      rgba.set(shown.subarray(at, next), 4 * start);
      at = next;
    }
    start = end;
  }
  return rgba;
}

/** Of the neighbours that are shown, or hidden, as the one at `start` is; the next row's first is a neighbour too. */
function stretchEnd(mask: Uint8Array, start: number): number {
  if (mask[start] !== 0) {
    const hidden = mask.indexOf(0, start);
    return hidden < 0 ? mask.length : hidden;
  }
  let end = start + 1;
  while (end < mask.length && mask[end] === 0) end += 1;
  return end;
}

function countShown(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i += 1) if (mask[i] !== 0) count += 1;
  return count;
}

function isEmpty(samples: Samples): boolean {
  for (let i = 0; i < samples.length; i += 1) if (samples[i] !== 0) return false;
  return true;
}

const emptyLike = (samples: Samples, pixels: number): Samples =>
  samples instanceof Uint16Array ? new Uint16Array(4 * pixels) : new Uint8Array(4 * pixels);

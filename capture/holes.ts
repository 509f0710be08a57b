import { PspError } from '../protocol/errors';
import type { Region } from '../protocol/job';
import { isErased, rasterMax, type Raster } from '../protocol/raster';

/** What is filled: a selection or mask, or the layer's own transparent pixels. */
export type HoleSource = 'selection' | 'transparency';

/**
 * The faces that have something to fill; the others are left alone. Without any it is refused here,
 * rather than after the pixels have travelled.
 * @throws PspError BAD_INPUT
 */
export function withHoles(regions: readonly Region[], source: HoleSource): readonly Region[] {
  if (source === 'transparency') {
    const erased = regions.filter(({ pixels }) => hasErasedPixel(pixels));
    if (erased.length > 0) return erased;
    throw new PspError(
      'BAD_INPUT',
      `There is nothing to fill: ${whose(regions)} transparent pixels. Erase a part of it, or give a selection or mask instead.`,
    );
  }
  return touchedBySelection(regions, 'to fill');
}

/**
 * The faces of which something is selected.
 * @param aim for the message: what becomes of the selected part
 * @throws PspError BAD_INPUT without any
 */
export function touchedBySelection(regions: readonly Region[], aim: string): readonly Region[] {
  if (regions.every(({ hole }) => hole === null)) {
    throw new PspError('BAD_INPUT', `Nothing is selected. Select the part of the face ${aim}.`);
  }
  const touched = regions.filter(({ hole }) => hole?.data.some((value) => value > 0));
  if (touched.length > 0) return touched;
  throw new PspError(
    'BAD_INPUT',
    `The selection does not touch ${regions.length > 1 ? 'any of the faces' : 'this face'}. Select the part of the face ${aim}.`,
  );
}

const whose = (regions: readonly Region[]): string =>
  regions.length > 1 ? 'none of the faces has' : 'this face has no';

function hasErasedPixel(pixels: Raster): boolean {
  const max = rasterMax(pixels);
  const { data } = pixels;
  for (let i = 3; i < data.length; i += 4) if (isErased(data[i]!, max)) return true;
  return false;
}

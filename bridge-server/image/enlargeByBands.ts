import type { Raster } from '../../protocol/raster';
import { resizeRaster } from './resizeRaster';

/** Rows of the raster that are enlarged at once. */
const bandRows = 128;
/** Rows around a band that the filter sees. */
const reach = 4;

/**
 * The same pixels as `resizeRaster` gives, by bands of rows from the top: they are never in memory together.
 * A band is made while the one before it is used.
 * @param factor 1 gives the raster as it is
 */
export async function* enlargeByBands(
  raster: Raster,
  factor: number,
  rowsAtOnce = bandRows,
): AsyncGenerator<Raster['data']> {
  if (factor === 1) return yield raster.data;
  let next = enlargeBand(raster, factor, 0, rowsAtOnce);
  for (let top = rowsAtOnce; top < raster.height; top += rowsAtOnce) {
    const band = await next;
    next = enlargeBand(raster, factor, top, rowsAtOnce);
    // Nobody waits for it where the reader ends before.
    next.catch(() => undefined);
    yield band;
  }
  yield await next;
}

async function enlargeBand(
  { width, height, data }: Raster,
  factor: number,
  top: number,
  rows: number,
): Promise<Raster['data']> {
  const bottom = Math.min(height, top + rows);
  const from = Math.max(0, top - reach);
  const to = Math.min(height, bottom + reach);
  const seen = { width, height: to - from, data: data.subarray(from * width * 4, to * width * 4) };
  const enlarged = await resizeRaster(seen, seen.width * factor, seen.height * factor);
  const row = enlarged.width * 4;
  return enlarged.data.subarray((top - from) * factor * row, (bottom - from) * factor * row);
}

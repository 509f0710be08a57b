import type { Raster } from '../../../../protocol/raster';

/** A buffer and its number. */
export type Revision = readonly [Raster, string];

/** A layer's pixels never change in place: a number for each buffer is its revision. */
export class Revisions {
  private readonly numbers = new WeakMap<Raster, string>();
  private next = 1;

  of(pixels: Raster): string {
    const revision = this.numbers.get(pixels) ?? String(this.next++);
    this.numbers.set(pixels, revision);
    return revision;
  }

  /** Those that were told so far. */
  told(buffers: readonly Raster[]): readonly Revision[] {
    return buffers.flatMap((pixels) => {
      const revision = this.numbers.get(pixels);
      return revision === undefined ? [] : [[pixels, revision] as const];
    });
  }

  bringBack(revisions: readonly Revision[]): void {
    for (const [pixels, revision] of revisions) this.numbers.set(pixels, revision);
    this.next = Math.max(this.next, ...revisions.map(([, own]) => Number(own) + 1));
  }
}

import { join } from 'node:path';
import {
  createBands,
  renderFace,
  type Grid,
  type PlacedFace,
} from '../../../bridge-server/compose';
import type { Raster } from '../../../protocol/raster';
import { planes } from '../../support/faceLike';
import { paint, square } from '../../support/faces';

const entryOf = (name: string): string => join(__dirname, '..', '..', 'support', name);
const side = 560;
const quad = square({ x: side / 2, y: side / 2 }, 500, 17);

const gridOf = (cells: number, ...of: readonly ((u: number, v: number) => number)[]): Grid => ({
  side: cells,
  planes: of.map((value) =>
    Float32Array.from({ length: cells * cells }, (_, i) =>
      value(((i % cells) + 0.5) / cells, (Math.floor(i / cells) + 0.5) / cells),
    ),
  ),
});

/** A face that keeps half of the photograph, moved by up to an eighth of the crop. */
const composed = {
  drawn: planes(128, (u, v) => [0.3 * Math.sin(20 * u), 0.2 * v, 0.1 * Math.cos(30 * v)]),
  curves: [0, 1, 2].map((c) => Float32Array.of(0.1 * c, 0.4, 0.9)),
  share: gridOf(64, (_, v) => v),
  shift: gridOf(
    16,
    (u) => 0.1 * u,
    (_, v) => 0.1 * v,
    () => 0.05,
  ),
  keep: gridOf(64, (u) => u),
  mask: gridOf(64, (u, v) => (Math.hypot(u - 0.5, v - 0.5) < 0.45 ? 1 : 0)),
  fade: null,
  carry: gridOf(
    32,
    (_, v) => 0.125 * Math.sin(6 * v),
    (u) => 0.125 * Math.cos(5 * u),
  ),
};

/** Finer than pixels: a row that is missing shows. */
const region = (depth: 8 | 16) =>
  paint(side, side, depth, (x, y) => [(x * 7) % 1, (y * 0.37) % 1, (x * 0.11 + y * 0.23) % 1, 1]);

const wholeOf = (pixels: Raster): PlacedFace => renderFace(pixels, quad, composed, 'source');

async function renderedBy(entry: string, pixels: Raster): Promise<PlacedFace> {
  const bands = createBands({ entry, threadCount: 2 });
  const placed = await bands.render(pixels, quad, composed, 'source');
  await bands.close();
  return placed;
}

function expectSame(placed: PlacedFace, whole: PlacedFace): void {
  expect(placed.bounds).toEqual(whole.bounds);
  expect(Buffer.compare(bytesOf(placed.pixels), bytesOf(whole.pixels))).toBe(0);
  expect(Buffer.compare(placed.mask.data, whole.mask.data)).toBe(0);
  expect(Buffer.compare(placed.kept!, whole.kept!)).toBe(0);
}

const bytesOf = ({ data }: Raster): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

test.each([8, 16] as const)('bands of threads are the face as a whole: %i bit', async (depth) => {
  const pixels = region(depth);
  expectSame(await renderedBy(entryOf('renderBand.main.js'), pixels), wholeOf(pixels));
  // What was sent to the threads was a copy.
  expect(Buffer.compare(bytesOf(pixels), bytesOf(region(depth)))).toBe(0);
});

test('all but the first band come from threads', async () => {
  const { mask } = await renderedBy(entryOf('emptyBand.main.js'), region(8));
  const shown = (row: number): boolean =>
    mask.data.subarray(row * mask.width, (row + 1) * mask.width).some((value) => value > 0);
  expect(shown(Math.floor(mask.height / 4))).toBe(true);
  expect(shown(Math.floor(mask.height / 2))).toBe(false);
});

test('a thread that cannot be had is missed by nobody', async () => {
  const pixels = region(8);
  expectSame(await renderedBy(entryOf('nothing.main.js'), pixels), wholeOf(pixels));
});

test('threads that nobody waits for do not keep the process alive', async () => {
  const ports = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = ports();
  const bands = createBands({ entry: entryOf('renderBand.main.js'), threadCount: 2 });
  bands.open();
  expect(ports()).toBe(before);
  await bands.render(region(8), quad, composed, 'source');
  expect(ports()).toBe(before);
  await bands.close();
});

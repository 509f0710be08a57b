import { cpus } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { boundsHeight, boundsWidth, type Bounds, type Quad } from '../../protocol/geometry';
import { rasterMax, type Raster } from '../../protocol/raster';
import type { ComposedFace } from './composedFace';
import {
  emptyRows,
  placedFace,
  prepareRendering,
  renderRows,
  type PlacedFace,
  type RenderedRows,
  type Rendering,
  type Transparency,
} from './renderFace';

/** Threads that render faces by bands of rows, one for every core but the caller's. */
export interface Bands {
  /** Starts the threads, so that the first face need not wait for them. */
  open(): void;
  /** The same as `renderFace`, sooner. Where a thread is lost, its band is rendered here. */
  render(
    region: Raster,
    quad: Quad,
    composed: ComposedFace,
    transparency: Transparency,
  ): Promise<PlacedFace>;
  close(): Promise<void>;
}

/** More threads than these wait for the memory. */
const maxThreads = 7;
/** Fewer pixels are rendered sooner than they are sent. */
const leastPixels = 2 ** 17;
/** Rows around a band that the cubic reads. */
const filterReach = 3;

export interface BandsOptions {
  /** What a thread runs: a module that loads `renderBand`. */
  readonly entry?: string;
  readonly threadCount?: number;
}

export function createBands({
  entry = join(__dirname, 'renderBand.js'),
  threadCount = Math.min(maxThreads, cpus().length - 1),
}: BandsOptions = {}): Bands {
  let threads: readonly Thread[] = [];
  const open = (): void => {
    if (threads.length > 0) return;
    threads = Array.from({ length: threadCount }, () => openThread(entry));
  };
  return {
    open,
    async render(region, quad, composed, transparency) {
      const rendering = prepareRendering(region, quad, composed, transparency);
      const { bounds } = rendering;
      const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
      const rows = emptyRows(rendering);
      if (width * height < leastPixels) {
        renderRows(rendering, rows);
        return placedFace(rendering, rows);
      }
      open();
      const bandHeight = Math.ceil(height / (threads.length + 1));
      const bandAt = (index: number): Band => {
        const top = Math.min(height, index * bandHeight);
        const bottom = Math.min(height, top + bandHeight);
        return {
          rendering: {
            ...rendering,
            bounds: { ...bounds, top: bounds.top + top, bottom: bounds.top + bottom },
          },
          rows: part(rows, top * width, bottom * width),
        };
      };
      const elsewhere = threads.map(async (thread, i) => {
        const band = bandAt(i + 1);
        await thread.render(withOwnRows(band.rendering)).then(
          (rendered) => copyRows(rendered, band.rows),
          () => renderRows(band.rendering, band.rows),
        );
      });
      const own = bandAt(0);
      renderRows(own.rendering, own.rows);
      await Promise.all(elsewhere);
      return placedFace(rendering, rows);
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
      threads = [];
    },
  };
}

interface Band {
  readonly rendering: Rendering;
  /** Its part of the whole. */
  readonly rows: RenderedRows;
}

const part = ({ data, weights, kept }: RenderedRows, from: number, to: number): RenderedRows => ({
  data: data.subarray(from * 4, to * 4),
  weights: weights.subarray(from, to),
  kept: kept && kept.subarray(from, to),
});

function copyRows(from: RenderedRows, to: RenderedRows): void {
  to.data.set(from.data);
  to.weights.set(from.weights);
  if (from.kept) to.kept?.set(from.kept);
}

/** A rendering with a copy of the region's rows that it reads: they may be sent away. */
function withOwnRows(rendering: Rendering): Rendering {
  const { region, frame, bounds } = rendering;
  const reach = filterReach + carriedRows(rendering);
  const top = Math.max(0, bounds.top - reach);
  const bottom = Math.min(region.height, bounds.bottom + reach);
  const stride = region.width * 4;
  const length = (bottom - top) * stride;
  // Not `slice`: of a Buffer that is no copy, and the region would be sent away.
  const data = rasterMax(region) === 255 ? new Uint8Array(length) : new Uint16Array(length);
  data.set(region.data.subarray(top * stride, bottom * stride));
  return {
    ...rendering,
    region: { ...region, height: bottom - top, data },
    frame: { ...frame, y: frame.y - top },
    bounds: movedUp(bounds, top),
  };
}

const movedUp = ({ left, top, right, bottom }: Bounds, rows: number): Bounds => ({
  left,
  top: top - rows,
  right,
  bottom: bottom - rows,
});

/** From at most so many rows away a photograph is read that moves along. */
function carriedRows({ frame, carry }: Rendering): number {
  if (!carry) return 0;
  const [u, v] = carry.planes as [Float32Array, Float32Array];
  return u.reduce(
    (most, value, i) => Math.max(most, Math.ceil(Math.abs(value * frame.uy + v[i]! * frame.vy))),
    0,
  );
}

interface Thread {
  /** @throws what ended the thread */
  render(band: Rendering): Promise<RenderedRows>;
  close(): Promise<unknown>;
}

function openThread(entry: string): Thread {
  const worker = new Worker(entry);
  const asked: { resolve(rows: RenderedRows): void; reject(cause: unknown): void }[] = [];
  let lost: unknown = null;
  const lose = (cause: unknown): void => {
    lost ??= cause;
    for (const { reject } of asked.splice(0)) reject(lost);
  };
  worker.on('message', (rows: RenderedRows) => {
    asked.shift()?.resolve(rows);
    if (asked.length === 0) worker.unref();
  });
  worker.on('error', lose);
  worker.on('exit', () => lose(new Error('the thread has ended')));
  // What nobody waits for does not keep the process alive; a listener for messages would.
  worker.unref();
  return {
    render: (band) =>
      new Promise((resolve, reject) => {
        if (lost !== null) return reject(lost);
        asked.push({ resolve, reject });
        worker.ref();
        worker.postMessage(band, [band.region.data.buffer as ArrayBuffer]);
      }),
    close: () => worker.terminate(),
  };
}

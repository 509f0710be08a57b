import { parentPort } from 'node:worker_threads';
import { emptyRows, renderRows, type Rendering } from './renderFace';

/* A thread that renders the bands it is sent, in their order (`createBands`). */
parentPort?.on('message', (band: Rendering) => {
  const rows = emptyRows(band);
  renderRows(band, rows);
  const { data, weights, kept } = rows;
  const buffers = [data, weights, ...(kept ? [kept] : [])].map(({ buffer }) => buffer);
  parentPort?.postMessage(rows, buffers as ArrayBuffer[]);
});

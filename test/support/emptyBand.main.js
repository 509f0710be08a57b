const { parentPort } = require('node:worker_threads');

// A thread that answers every band with one that shows nothing.
parentPort.on('message', ({ bounds }) => {
  const pixels = (bounds.right - bounds.left) * (bounds.bottom - bounds.top);
  const [data, weights, kept] = [4, 1, 1].map((channels) => new Uint8Array(pixels * channels));
  parentPort.postMessage({ data, weights, kept });
});

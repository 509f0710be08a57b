import { initializeCanvas, readPsd, type Psd } from 'ag-psd';

/** ag-psd asks a canvas for pixel memory only; arrays do. */
initializeCanvas(
  () => {
    throw new Error('No test draws on a canvas.');
  },
  (width, height) => ({
    width,
    height,
    colorSpace: 'srgb',
    data: new Uint8ClampedArray(width * height * 4),
  }),
);

/** A PSD as an independent reader understands it, layers' pixels and masks included. */
export const readWithAgPsd = (bytes: Uint8Array): Psd => readPsd(bytes, { useImageData: true });

import { createDocument, decodePreview, memorySink, memorySource, type NewLayer } from '../../psd';
import { boundsAt, gradient, pixelLayer, structureOf } from './support';

export const previewOf = async (bytes: Uint8Array) => {
  const source = memorySource(bytes);
  return (await decodePreview(source, await structureOf(bytes))).pixels;
};

/** Documents of 24 × 18 pixels. */
export async function create(depth: 8 | 16 | 32, layers: readonly NewLayer[], large = false) {
  const sink = memorySink();
  await createDocument({ width: 24, height: 18, depth, large, layers }, sink);
  return sink.bytes();
}

export const canvas = boundsAt(0, 0, 24, 18);
export const opaque = (depth: 8 | 16 | 32) => {
  const pixels = gradient(depth, 24, 18);
  const max = depth === 8 ? 255 : depth === 16 ? 65535 : 1;
  for (let i = 3; i < pixels.length; i += 4) pixels[i] = max;
  return { kind: 'pixels', name: 'photo', bounds: canvas, pixels } as const;
};
export const patchMask = {
  bounds: boundsAt(4, 4, 6, 6),
  pixels: Uint8Array.from({ length: 36 }, (_, i) => i * 7),
  defaultColor: 255,
} as const;
export const patch = (depth: 8 | 16 | 32) =>
  pixelLayer('face', depth, boundsAt(2, 3, 30, 9), { mask: patchMask, opacity: 0.7 });

import { readFile } from 'node:fs/promises';
import type { Bounds } from '../../../protocol/geometry';

/** A layer as driver.py describes it. */
export interface LayerDump {
  readonly id: number;
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly opacity: number;
  readonly visible: boolean;
  /** Files: RGBA in sRGB of the depth asked for, and one byte a pixel. */
  readonly pixels: string;
  readonly mask: string | null;
  readonly children: readonly LayerDump[] | null;
}

export const boundsOfLayer = ({ left, top, width, height }: LayerDump): Bounds => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

/** "Name" or "Group(Child, Child)", top first: the whole tree in one comparable line. */
export function outline(layers: readonly LayerDump[]): string {
  return layers
    .map(({ name, children }) => (children ? `${name}(${outline(children)})` : name))
    .join(', ');
}

export async function pixelsOf(layer: LayerDump, depth: 8 | 16): Promise<Uint8Array | Uint16Array> {
  const bytes = await readFile(layer.pixels);
  return depth === 8
    ? new Uint8Array(bytes)
    : new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

export async function maskOf(layer: LayerDump): Promise<Uint8Array> {
  if (layer.mask === null) throw new Error(`${layer.name} has no mask`);
  return new Uint8Array(await readFile(layer.mask));
}

/** A rectangle of RGBA values out of a layer's; both in the image's pixels. */
export function crop<T extends Uint8Array | Uint16Array>(
  values: T,
  from: Bounds,
  wanted: Bounds,
): T {
  const stride = (from.right - from.left) * 4;
  const width = (wanted.right - wanted.left) * 4;
  const rows = Array.from({ length: wanted.bottom - wanted.top }, (_, y) => {
    const start = (wanted.top - from.top + y) * stride + (wanted.left - from.left) * 4;
    return values.subarray(start, start + width);
  });
  const out = values.slice(0, width * rows.length) as T;
  rows.forEach((row, y) => out.set(row, y * width));
  return out;
}

/** The largest difference of two pictures' values; Infinity when they are of different sizes. */

import type { PhotoshopBounds, Samples } from '../../../plugin/hosts/photoshop/api';
import { fromSrgb, newSamples, profileNamed, quantise, toSrgb, whiteOf } from './colour';

/** Pixels as a document stores them: interleaved, its depth and profile, alpha last (none on Background). */
export interface Plane {
  readonly bounds: PhotoshopBounds;
  readonly components: number;
  readonly samples: Samples;
}

export interface LayerState {
  readonly id: number;
  name: string;
  kind: string;
  visible: boolean;
  opacity: number;
  background: boolean;
  locked: boolean;
  clipped: boolean;
  plane: Plane | null;
  mask: Plane | null;
  /** Topmost first; `null` for all but groups. */
  children: LayerState[] | null;
}

export interface DocumentState {
  readonly id: number;
  title: string;
  mode: string;
  bits: 8 | 16 | 32;
  profile: string;
  width: number;
  height: number;
  resolution: number;
  /** Which history state the document is in. */
  historyId: number;
  layers: LayerState[];
  activeIds: number[];
  /** 8 bit, the selection's own bounds. */
  selection: Plane | null;
}

export const emptyBounds: PhotoshopBounds = { left: 0, top: 0, right: 0, bottom: 0 };
export const widthOf = (bounds: PhotoshopBounds): number => bounds.right - bounds.left;
export const heightOf = (bounds: PhotoshopBounds): number => bounds.bottom - bounds.top;
export const isEmpty = (bounds: PhotoshopBounds): boolean =>
  widthOf(bounds) <= 0 || heightOf(bounds) <= 0;

export function intersection(a: PhotoshopBounds, b: PhotoshopBounds): PhotoshopBounds {
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
}

/** Planes are replaced, never written to, so a history state may share them. */
export function cloneDocument(document: DocumentState): DocumentState {
  const cloneLayer = (layer: LayerState): LayerState => ({
    ...layer,
    children: layer.children?.map(cloneLayer) ?? null,
  });
  return {
    ...document,
    layers: document.layers.map(cloneLayer),
    activeIds: [...document.activeIds],
  };
}

export interface FoundLayer {
  readonly layer: LayerState;
  readonly siblings: LayerState[];
  readonly parent: LayerState | null;
}

export function findLayer(
  layers: LayerState[],
  id: number,
  parent: LayerState | null = null,
): FoundLayer | null {
  for (const layer of layers) {
    if (layer.id === id) return { layer, siblings: layers, parent };
    const inside = layer.children && findLayer(layer.children, id, layer);
    if (inside) return inside;
  }
  return null;
}

export const spaceOf = (mode: string): 'RGB' | 'Grayscale' =>
  mode === 'grayscaleMode' ? 'Grayscale' : 'RGB';
export const coloursOf = (mode: string): number => (spaceOf(mode) === 'RGB' ? 3 : 1);

/** sRGB with straight alpha, 0..1 each (colours beyond in 32 bit). */
export type Colour = readonly [number, number, number, number];

/** Draws a plane in the document's depth and profile from sRGB colours; greyscale takes red. */
export function drawPlane(
  document: Pick<DocumentState, 'mode' | 'bits' | 'profile'>,
  bounds: PhotoshopBounds,
  background: boolean,
  colourAt: (x: number, y: number) => Colour,
): Plane {
  const colours = coloursOf(document.mode);
  const components = background ? colours : colours + 1;
  const samples = newSamples(document.bits, widthOf(bounds) * heightOf(bounds) * components);
  const profile = profileNamed(document.profile, spaceOf(document.mode));
  let at = 0;
  for (let y = bounds.top; y < bounds.bottom; y++) {
    for (let x = bounds.left; x < bounds.right; x++) {
      const colour = colourAt(x, y);
      for (let c = 0; c < colours; c++) {
        samples[at++] = quantise(fromSrgb(colour[c]!, profile, document.bits), document.bits);
      }
      if (!background) samples[at++] = quantise(colour[3], document.bits);
    }
  }
  return { bounds, components, samples };
}

/** What a person would see of one pixel of the plane, in sRGB; `null` outside of it. */
export function colourAt(
  document: Pick<DocumentState, 'mode' | 'bits' | 'profile'>,
  plane: Plane,
  x: number,
  y: number,
): Colour | null {
  const { bounds, components, samples } = plane;
  if (x < bounds.left || x >= bounds.right || y < bounds.top || y >= bounds.bottom) return null;
  const start = ((y - bounds.top) * widthOf(bounds) + x - bounds.left) * components;
  const white = whiteOf(document.bits);
  const profile = profileNamed(document.profile, spaceOf(document.mode));
  const colours = coloursOf(document.mode);
  const value = (c: number): number => toSrgb(samples[start + c]! / white, profile, document.bits);
  const alpha = components > colours ? samples[start + colours]! / white : 1;
  return colours === 3
    ? [value(0), value(1), value(2), alpha]
    : [value(0), value(0), value(0), alpha];
}

/** Nearest neighbour; `x` and `y` are whole factors. */
export function scalePlane(plane: Plane, x: number, y: number): Plane {
  const { bounds, components, samples } = plane;
  const scaled = {
    left: bounds.left * x,
    top: bounds.top * y,
    right: bounds.right * x,
    bottom: bounds.bottom * y,
  };
  const out = samples.slice(0, 0).constructor as new (length: number) => Samples;
  const target = new out(widthOf(scaled) * heightOf(scaled) * components);
  for (let pixel = 0; pixel < target.length / components; pixel++) {
    const column = Math.floor((pixel % widthOf(scaled)) / x);
    const row = Math.floor(Math.floor(pixel / widthOf(scaled)) / y);
    const start = (row * widthOf(bounds) + column) * components;
    for (let c = 0; c < components; c++) target[pixel * components + c] = samples[start + c]!;
  }
  return { bounds: scaled, components, samples: target };
}

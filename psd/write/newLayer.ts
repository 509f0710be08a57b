import type { PsdBounds, PsdHeader } from '../document';
import { boundsHeight, boundsWidth } from '../document';
import { PsdError } from '../errors';
import { MAX_SIDE } from '../read/header';
import { depthOf, type Samples } from '../samples';

/** Layers to write. Lists go from the bottom to the top, as they are painted. */
export type NewLayer = NewPixelLayer | NewGroup;

interface NewLayerBase {
  readonly name: string;
  /** 0..1; 1 unless given. */
  readonly opacity?: number;
  /** True unless given. */
  readonly visible?: boolean;
  readonly mask?: NewMask;
}

export interface NewPixelLayer extends NewLayerBase {
  readonly kind: 'pixels';
  readonly bounds: PsdBounds;
  /**
   * RGBA interleaved, straight alpha, in the document's profile and depth: Uint8Array for 8 bit,
   * Uint16Array (0..65535) for 16, Float32Array (linear, 1 is white) for 32.
   * In greyscale documents R = G = B.
   */
  readonly pixels: Samples;
}

/** A pass-through group: it holds its layers together and changes nothing of how they blend. */
export interface NewGroup extends NewLayerBase {
  readonly kind: 'group';
  readonly layers: readonly NewLayer[];
}

export interface NewMask {
  readonly bounds: PsdBounds;
  /** 0 hides, 255 shows. */
  readonly pixels: Uint8Array;
  /** The mask outside its bounds. */
  readonly defaultColor: 0 | 255;
}

/** Photoshop's limit of a layer's name in UTF-16 units. */
const MAX_NAME_LENGTH = 255;
/** Photoshop nests groups ten deep. */
const MAX_GROUP_DEPTH = 10;

/** @throws PsdError BAD_LAYER naming the layer and what of it cannot be written. */
export function validateLayers(
  layers: readonly NewLayer[],
  header: PsdHeader,
  groupDepth = 0,
): void {
  if (groupDepth > MAX_GROUP_DEPTH) {
    throw new PsdError('BAD_LAYER', `Groups may be nested ${MAX_GROUP_DEPTH} deep, not deeper.`);
  }
  for (const layer of layers) {
    const refuse = (what: string): never => {
      throw new PsdError('BAD_LAYER', `The new layer "${layer.name}" cannot be written: ${what}.`);
    };
    const { opacity = 1, mask } = layer;
    if (layer.name.length > MAX_NAME_LENGTH) {
      refuse(`its name has ${layer.name.length} characters, at most ${MAX_NAME_LENGTH} fit`);
    }
    if (!(opacity >= 0 && opacity <= 1)) refuse(`its opacity is ${opacity}, 0 to 1 is allowed`);
    if (mask) checkArea(mask.bounds, mask.pixels.length, 1, 'mask', refuse);
    if (layer.kind === 'group') validateLayers(layer.layers, header, groupDepth + 1);
    else validatePixels(layer, header, refuse);
  }
}

type Refuse = (what: string) => never;

function validatePixels(layer: NewPixelLayer, header: PsdHeader, refuse: Refuse): void {
  const depth = depthOf(layer.pixels);
  if (depth !== header.depth) {
    refuse(`its pixels have ${depth} bits per channel, the document has ${header.depth}`);
  }
  checkArea(layer.bounds, layer.pixels.length, 4, 'picture', refuse);
  if (header.colorMode !== 'greyscale') return;
  const { pixels } = layer;
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) {
      refuse('it has colours, and the document is greyscale; hand in R = G = B');
    }
  }
}

function checkArea(
  bounds: PsdBounds,
  length: number,
  perPixel: number,
  what: string,
  refuse: Refuse,
): void {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const whole = Object.values(bounds).every((side) => Number.isInteger(side));
  if (!whole || width < 0 || height < 0 || width > MAX_SIDE.psb || height > MAX_SIDE.psb) {
    refuse(`its ${what} is ${width} × ${height} pixels`);
  }
  if (length !== width * height * perPixel) {
    refuse(`its ${what} of ${width} × ${height} pixels has ${length} values`);
  }
}

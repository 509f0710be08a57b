import sharp from 'sharp';
import type {
  ColourSpace,
  PhotoshopBounds,
  PhotoshopImageData,
  PhotoshopImaging,
  Samples,
} from '../../../plugin/hosts/photoshop/api';
import { fromSrgb, newSamples, profileNamed, quantise, toSrgb, whiteOf } from './colour';
import { samplesOf } from './imageData';
import {
  coloursOf,
  heightOf,
  intersection,
  isEmpty,
  spaceOf,
  widthOf,
  type DocumentState,
  type LayerState,
  type Plane,
} from './state';
import { realBounds, trim, type World } from './world';

const supportedModes = ['RGBColorMode', 'grayscaleMode', 'labColorMode'];

export function createImaging(world: World): PhotoshopImaging {
  const requireMode = (document: DocumentState): void => {
    if (!supportedModes.includes(document.mode)) {
      throw new Error(`Imaging does not support the mode ${document.mode}`);
    }
  };

  const writable = (documentID: number, layerID: number): [DocumentState, LayerState] => {
    const document = world.document(documentID);
    const { layer } = world.layer(documentID, layerID);
    requireMode(document);
    if (layer.kind !== 'pixel') throw new Error(`Layer "${layer.name}" is not a pixel layer`);
    if (layer.locked) throw new Error(`Layer "${layer.name}" is locked`);
    return [document, layer];
  };

  return {
    async getPixels(options) {
      world.modal.requireHeld('getPixels');
      const document = world.document(options.documentID);
      const { layer } = world.layer(options.documentID, options.layerID);
      requireMode(document);
      if (layer.children !== null) throw new Error('getPixels: a group has no pixels of its own');
      if (options.componentSize === 8 && document.bits === 16) {
        throw new Error('getPixels: cannot convert 16 bit pixels to 8 bit'); // since 26.3
      }
      const real = realBounds(layer);
      const bounds = intersection(options.sourceBounds ?? real, real);
      if (isEmpty(bounds)) throw new Error('grabPixels: got invalid empty image region');
      const space = options.colorSpace ?? spaceOf(document.mode);
      const greyAsRgb = space === 'RGB' && document.mode === 'grayscaleMode';
      if (space !== spaceOf(document.mode) && !greyAsRgb) {
        throw new Error(`Cannot convert to ${space} here`);
      }
      const colorProfile = options.colorProfile ?? document.profile;
      const [width, height] = targetOf(bounds, options.targetSize);
      const level = Math.max(0, Math.floor(Math.log2(widthOf(bounds) / width)));
      const native = resample(layer.plane!, bounds, [width, height], document, [
        space,
        colorProfile,
      ]);
      const { components, samples } = asAsked(layer.plane!.components, native, document, space);
      const shape = { width, height, components, colorSpace: space, colorProfile };
      return {
        imageData: world.pool.create(samples, shape, `getPixels of "${layer.name}"`),
        sourceBounds: atLevel(bounds, level),
        level,
      };
    },

    async putPixels(options) {
      const [document, layer] = writable(options.documentID, options.layerID);
      const { imageData } = options;
      if (imageData.colorSpace !== spaceOf(document.mode)) {
        throw new Error(`putPixels: ${imageData.colorSpace} into ${document.mode}`);
      }
      const components = coloursOf(document.mode) + (layer.background ? 0 : 1);
      if (imageData.components !== components) {
        throw new Error(`putPixels: ${imageData.components} components, expected ${components}`);
      }
      const plane = planeOf(imageData, document, placeOf(imageData, options.targetBounds));
      world.modal.change(document, options.commandName ?? 'Put Pixels');
      layer.plane = options.replace === false && layer.plane ? over(layer.plane, plane) : plane;
    },

    async putLayerMask(options) {
      const [document, layer] = writable(options.documentID, options.layerID);
      const { imageData } = options;
      if (layer.mask === null) throw new Error(`Layer "${layer.name}" has no layer mask`);
      if (imageData.colorSpace !== 'Grayscale' || imageData.components !== 1) {
        throw new Error('putLayerMask: a mask has one Grayscale component');
      }
      requireDepth(imageData, document);
      world.modal.change(document, options.commandName ?? 'Put Layer Mask');
      const samples = samplesOf(imageData).slice();
      layer.mask = { bounds: placeOf(imageData, options.targetBounds), components: 1, samples };
    },

    async getLayerMask(options) {
      world.modal.requireHeld('getLayerMask');
      const { layer } = world.layer(options.documentID, options.layerID);
      if (layer.mask === null) throw new Error(`Layer "${layer.name}" has no layer mask`);
      const bounds = intersection(options.sourceBounds ?? layer.mask.bounds, layer.mask.bounds);
      if (isEmpty(bounds)) throw new Error('grabPixels: got invalid empty image region');
      const shape = { width: widthOf(bounds), height: heightOf(bounds), components: 1 } as const;
      const colours = { colorSpace: 'Grayscale', colorProfile: 'Gray Gamma 2.2' } as const;
      const samples = crop(layer.mask, bounds);
      const imageData = world.pool.create(samples, { ...shape, ...colours }, 'getLayerMask');
      return { imageData, sourceBounds: bounds };
    },

    async getSelection(options) {
      world.modal.requireHeld('getSelection');
      const { selection } = world.document(options.documentID);
      if (selection === null) throw new Error('getSelection: there is no selection');
      const real = trim(selection);
      const bounds = intersection(options.sourceBounds ?? real, real);
      if (isEmpty(bounds)) throw new Error('grabPixels: got invalid empty image region');
      const samples = crop(selection, bounds);
      const imageData = world.pool.create(
        samples,
        {
          width: widthOf(bounds),
          height: heightOf(bounds),
          components: 1,
          colorSpace: 'Grayscale',
          colorProfile: 'Gray Gamma 2.2',
        },
        'getSelection',
      );
      return { imageData, sourceBounds: bounds };
    },

    async putSelection(options) {
      const document = world.document(options.documentID);
      requireMode(document);
      const { imageData } = options;
      if (imageData.colorSpace !== 'Grayscale' || imageData.components !== 1) {
        throw new Error('putSelection: a selection has one Grayscale component');
      }
      requireDepth(imageData, document);
      world.modal.change(document, options.commandName ?? 'Put Selection');
      const written = samplesOf(imageData);
      const samples = Uint8Array.from(written, (value) => (value * 255) / whiteOf(document.bits));
      document.selection = {
        bounds: placeOf(imageData, options.targetBounds),
        components: 1,
        samples,
      };
    },

    async createImageDataFromBuffer(buffer, options) {
      const { width, height, components, colorSpace } = options;
      if (buffer.length !== width * height * components) {
        throw new Error(
          `The buffer holds ${buffer.length} elements, not ${width} x ${height} x ${components}`,
        );
      }
      if (options.chunky === undefined && components === 1 && colorSpace !== 'Grayscale') {
        throw new Error('One component is Grayscale');
      }
      const colorProfile = options.colorProfile ?? '';
      if (colorProfile !== '') profileNamed(colorProfile, colorSpace);
      const samples = buffer.slice();
      if (samples.BYTES_PER_ELEMENT === 2) {
        const top = options.fullRange ? 65535 : 32768;
        samples.forEach((value, index) => {
          if (value > top) throw new Error(`16-bit samples end at ${top}, met ${value}`);
          if (options.fullRange) samples[index] = Math.round((value * 32768) / 65535);
        });
      }
      const shape = { width, height, components, colorSpace: colorSpace as ColourSpace };
      return world.pool.create(samples, { ...shape, colorProfile }, 'createImageDataFromBuffer');
    },

    async encodeImageData({ imageData, base64 }) {
      const { width, height, colorSpace, components, componentSize } = imageData;
      if (colorSpace !== 'RGB' || components !== 3 || componentSize !== 8) {
        throw new Error('encodeImageData: a JPEG is RGB of 8 bits without alpha');
      }
      const raw = { width, height, channels: components } as const;
      const jpeg = await sharp(samplesOf(imageData), { raw }).jpeg().toBuffer();
      return base64 ? jpeg.toString('base64') : [...jpeg];
    },
  };
}

function targetOf(
  bounds: PhotoshopBounds,
  target: { readonly width?: number; readonly height?: number } | undefined,
): [number, number] {
  const [width, height] = [widthOf(bounds), heightOf(bounds)];
  if (target === undefined) return [width, height];
  const scale = (target.width ?? Infinity) / width;
  const other = (target.height ?? Infinity) / height;
  const used = Math.min(scale, other, 1);
  return [
    target.width ?? Math.max(1, Math.round(width * used)),
    target.height ?? Math.max(1, Math.round(height * used)),
  ];
}

const atLevel = (bounds: PhotoshopBounds, level: number): PhotoshopBounds => ({
  left: Math.floor(bounds.left / 2 ** level),
  top: Math.floor(bounds.top / 2 ** level),
  right: Math.ceil(bounds.right / 2 ** level),
  bottom: Math.ceil(bounds.bottom / 2 ** level),
});

/** Reads `bounds` of the plane at width × height (nearest), converted to the profile asked for. */
function resample(
  plane: Plane,
  bounds: PhotoshopBounds,
  [width, height]: readonly [number, number],
  document: DocumentState,
  asked: Colours,
): Samples {
  const { components, samples } = plane;
  const out = newSamples(document.bits, width * height * components);
  const stride = widthOf(plane.bounds);
  const convert = converter(coloursOfDocument(document), asked, document.bits);
  const colours = coloursOf(document.mode);
  for (let y = 0; y < height; y++) {
    const sy = bounds.top - plane.bounds.top + Math.floor(((y + 0.5) * heightOf(bounds)) / height);
    for (let x = 0; x < width; x++) {
      const sx =
        bounds.left - plane.bounds.left + Math.floor(((x + 0.5) * widthOf(bounds)) / width);
      for (let c = 0; c < components; c++) {
        const value = samples[(sy * stride + sx) * components + c]!;
        out[(y * width + x) * components + c] = c < colours ? convert(value) : value;
      }
    }
  }
  return out;
}

/**
 * Greyscale is answered without its transparency (uxp-photoshop issue 501); as RGB it keeps it.
 * Colour documents are answered as they are.
 */
function asAsked(
  components: number,
  native: Samples,
  document: DocumentState,
  space: ColourSpace,
): { readonly components: number; readonly samples: Samples } {
  if (document.mode !== 'grayscaleMode') return { components, samples: native };
  const pixels = native.length / components;
  const colours = space === 'RGB' ? 3 : 1;
  const wanted = space === 'RGB' ? colours + components - 1 : 1;
  const samples = newSamples(document.bits, pixels * wanted);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < wanted; c++) {
      samples[pixel * wanted + c] = native[pixel * components + (c < colours ? 0 : 1)]!;
    }
  }
  return { components: wanted, samples };
}

type Colours = readonly [space: ColourSpace, profile: string];

const coloursOfDocument = ({ mode, profile }: DocumentState): Colours => [spaceOf(mode), profile];

function converter(from: Colours, to: Colours, bits: number): (value: number) => number {
  const [source, target] = [from, to].map(([space, name]) => profileNamed(name, space));
  if (source === target) return (value) => value;
  return (value) =>
    quantise(fromSrgb(toSrgb(value / whiteOf(bits), source!, bits), target!, bits), bits);
}

function requireDepth(imageData: PhotoshopImageData, document: DocumentState): void {
  if (imageData.componentSize !== document.bits) {
    throw new Error(
      `${imageData.componentSize} bit image data for a ${document.bits} bit document`,
    );
  }
}

function placeOf(
  imageData: PhotoshopImageData,
  target: { readonly left: number; readonly top: number } | undefined,
): PhotoshopBounds {
  const { left, top } = target ?? { left: 0, top: 0 };
  if (!Number.isInteger(left) || !Number.isInteger(top)) {
    throw new Error(`targetBounds are whole pixels, met ${left}, ${top}`);
  }
  return { left, top, right: left + imageData.width, bottom: top + imageData.height };
}

function planeOf(
  imageData: PhotoshopImageData,
  document: DocumentState,
  bounds: PhotoshopBounds,
): Plane {
  requireDepth(imageData, document);
  const profile = imageData.colorProfile === '' ? document.profile : imageData.colorProfile;
  const own = coloursOfDocument(document);
  const convert = converter([own[0], profile], own, document.bits);
  const colours = coloursOf(document.mode);
  const { components } = imageData;
  const samples = samplesOf(imageData).slice();
  samples.forEach((value, index) => {
    if (index % components < colours) samples[index] = convert(value);
  });
  return { bounds, components, samples };
}

function crop(plane: Plane, bounds: PhotoshopBounds): Samples {
  const stride = widthOf(plane.bounds);
  const out = plane.samples.slice(0, widthOf(bounds) * heightOf(bounds));
  let at = 0;
  for (let y = bounds.top; y < bounds.bottom; y++) {
    for (let x = bounds.left; x < bounds.right; x++) {
      out[at++] = plane.samples[(y - plane.bounds.top) * stride + x - plane.bounds.left]!;
    }
  }
  return out;
}

function over(_below: Plane, _above: Plane): never {
  throw new Error('The fake knows putPixels with replace only');
}

import { boundsHeight, boundsWidth, type Bounds } from '../../../../protocol/geometry';
import { rasterMax, type Mask, type Raster } from '../../../../protocol/raster';
import type { Samples } from '../api';

/** Samples as Photoshop gives them (16 bit already at full range), and where they lie. */
export interface ReadSamples {
  readonly bounds: Bounds;
  /** 1 for masks, 3 RGB, 4 RGBA. */
  readonly components: number;
  readonly samples: Samples;
}

/** IEC 61966-2-1. 32-bit documents hold linear light, whatever profile is asked for. */
const linearToSrgb = (v: number): number =>
  v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055;
const srgbToLinear = (v: number): number =>
  v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;

const clamp01 = (v: number): number => (v > 0 ? Math.min(v, 1) : 0);

const newRaster = (width: number, height: number, depth: 8 | 16): Raster => ({
  width,
  height,
  data: depth === 8 ? new Uint8Array(width * height * 4) : new Uint16Array(width * height * 4),
});

/**
 * RGBA of exactly `bounds`; Photoshop trims what it gives, so the rest is transparent black.
 * Values of 32-bit documents beyond 0..1 are clipped: the networks know no brighter white.
 */
export function toRaster(read: ReadSamples, bounds: Bounds, depth: 8 | 16): Raster {
  const { components, samples } = read;
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const whole = boundsWidth(read.bounds) === width && boundsHeight(read.bounds) === height;
  if (whole && components === 4 && samples.BYTES_PER_ELEMENT * 8 === depth) {
    return { width, height, data: samples as Uint8Array | Uint16Array };
  }
  const out = newRaster(width, height, depth);
  const max = rasterMax(out);
  const [colour, amount] = scalesOf(samples, max);
  const opaque = components === 3;
  const rowLength = boundsWidth(read.bounds);
  for (let y = 0; y < boundsHeight(read.bounds); y++) {
    let from = y * rowLength * components;
    let to = ((read.bounds.top - bounds.top + y) * width + read.bounds.left - bounds.left) * 4;
    for (let x = 0; x < rowLength; x++, from += components, to += 4) {
      out.data[to] = colour(samples[from]!);
      out.data[to + 1] = colour(samples[from + 1]!);
      out.data[to + 2] = colour(samples[from + 2]!);
      out.data[to + 3] = opaque ? max : amount(samples[from + 3]!);
    }
  }
  return out;
}

type Scale = (value: number) => number;

/** How colours and amounts (alpha, masks) of these samples become 0..max. */
function scalesOf(samples: Samples, max: 255 | 65535): readonly [colour: Scale, amount: Scale] {
  if (samples.BYTES_PER_ELEMENT === 4) {
    return [
      (value) => Math.round(linearToSrgb(clamp01(value)) * max),
      (value) => Math.round(clamp01(value) * max),
    ];
  }
  const white = samples.BYTES_PER_ELEMENT === 2 ? 65535 : 255;
  const scale: Scale =
    white === max ? (value) => value : (value) => Math.round((value * max) / white);
  return [scale, scale];
}

/** One component as an 8-bit mask of exactly `bounds`, 0 where nothing was read. */
export function toMask(read: ReadSamples, bounds: Bounds): Mask {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const data = new Uint8Array(width * height);
  const [, amount] = scalesOf(read.samples, 255);
  const rowLength = boundsWidth(read.bounds);
  for (let y = 0; y < boundsHeight(read.bounds); y++) {
    const to = (read.bounds.top - bounds.top + y) * width + read.bounds.left - bounds.left;
    for (let x = 0; x < rowLength; x++) data[to + x] = amount(read.samples[y * rowLength + x]!);
  }
  return { width, height, data };
}

/** A raster in a document's own depth and number of colours, alpha last; 16 bit at full range. */
export function fromRaster(raster: Raster, bits: 8 | 16 | 32, grey: boolean): Samples {
  const native = bits === 8 ? 255 : 65535;
  if (!grey && bits !== 32 && rasterMax(raster) === native) return raster.data;
  const components = grey ? 2 : 4;
  const pixels = raster.width * raster.height;
  const out = newSamples(bits, pixels * components);
  const max = rasterMax(raster);
  const colour: Scale =
    bits === 32 ? (v) => srgbToLinear(v / max) : (v) => Math.round((v * native) / max);
  const amount: Scale = bits === 32 ? (v) => v / max : colour;
  const { data } = raster;
  for (let pixel = 0, from = 0, to = 0; pixel < pixels; pixel++, from += 4, to += components) {
    if (grey) {
      out[to] = colour(lumaOf(data[from]!, data[from + 1]!, data[from + 2]!));
    } else {
      out[to] = colour(data[from]!);
      out[to + 1] = colour(data[from + 1]!);
      out[to + 2] = colour(data[from + 2]!);
    }
    out[to + components - 1] = amount(data[from + 3]!);
  }
  return out;
}

/** ITU-R BT.709, on the coded values: grey in stays exactly the same grey out. */
const lumaOf = (red: number, green: number, blue: number): number =>
  0.2126 * red + 0.7152 * green + 0.0722 * blue;

export function fromMask(mask: Mask, bits: 8 | 16 | 32): Samples {
  if (bits === 8) return mask.data;
  const out = newSamples(bits, mask.data.length);
  const white = bits === 16 ? 65535 : 1;
  for (let index = 0; index < out.length; index++) out[index] = (mask.data[index]! * white) / 255;
  return out;
}

function newSamples(bits: 8 | 16 | 32, length: number): Samples {
  if (bits === 8) return new Uint8Array(length);
  return bits === 16 ? new Uint16Array(length) : new Float32Array(length);
}

/**
 * Just enough colour management to tell a converted pixel from an unconverted one: every profile is a
 * curve per channel against sRGB. (Real profiles mix channels; the adapter must not care.)
 */
interface Profile {
  readonly space: 'RGB' | 'Grayscale';
  readonly toSrgb: (value: number) => number;
  readonly fromSrgb: (value: number) => number;
}

const identity = (value: number): number => value;
const power = (exponent: number) => (value: number) =>
  Math.sign(value) * Math.abs(value) ** exponent;

const profiles: Readonly<Record<string, Profile>> = {
  'sRGB IEC61966-2.1': { space: 'RGB', toSrgb: identity, fromSrgb: identity },
  'Adobe RGB (1998)': { space: 'RGB', toSrgb: power(1 / 1.25), fromSrgb: power(1.25) },
  'Gray Gamma 2.2': { space: 'Grayscale', toSrgb: identity, fromSrgb: identity },
  'Dot Gain 20%': { space: 'Grayscale', toSrgb: power(1.2), fromSrgb: power(1 / 1.2) },
};

/** IEC 61966-2-1, extended oddly below zero. */
export const srgbToLinear = (v: number): number =>
  Math.abs(v) <= 0.04045 ? v / 12.92 : Math.sign(v) * ((Math.abs(v) + 0.055) / 1.055) ** 2.4;
export const linearToSrgb = (v: number): number =>
  Math.abs(v) <= 0.0031308 ? v * 12.92 : Math.sign(v) * (1.055 * Math.abs(v) ** (1 / 2.4) - 0.055);

/**
 * Photoshop takes "Adobe RGB (1998)", also for 32-bit pixels, where it means its linear version; the
 * document itself reports "Adobe RGB (1998) (Linear RGB Profile)", which no call accepts.
 */
export function profileNamed(name: string, space: string): Profile {
  const profile = profiles[name];
  if (profile === undefined) throw new Error(`Could not find the color profile "${name}"`);
  if (profile.space !== space) throw new Error(`"${name}" is not a profile for ${space}`);
  return profile;
}

export function toSrgb(value: number, profile: Profile, bits: number): number {
  return bits === 32 ? linearToSrgb(value) : profile.toSrgb(value);
}

export function fromSrgb(value: number, profile: Profile, bits: number): number {
  return bits === 32 ? srgbToLinear(value) : profile.fromSrgb(value);
}

/** What white is in stored samples: 16-bit Photoshop counts to 32768. */
export const whiteOf = (bits: number): number => (bits === 8 ? 255 : bits === 16 ? 32768 : 1);

export function newSamples(bits: number, length: number): Uint8Array | Uint16Array | Float32Array {
  if (bits === 8) return new Uint8Array(length);
  return bits === 16 ? new Uint16Array(length) : new Float32Array(length);
}

export const quantise = (value: number, bits: number): number =>
  bits === 32 ? value : Math.round(Math.min(1, Math.max(0, value)) * whiteOf(bits));

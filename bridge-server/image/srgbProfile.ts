import sharp from 'sharp';

let profile: Promise<Uint8Array> | undefined;

/** The sRGB profile that libvips brings, as the bytes of an ICC file. */
export function srgbProfile(): Promise<Uint8Array> {
  return (profile ??= readProfile());
}

async function readProfile(): Promise<Uint8Array> {
  const pixel = { width: 1, height: 1, channels: 3, background: '#000' } as const;
  const picture = await sharp({ create: pixel }).withIccProfile('srgb').png().toBuffer();
  const { icc } = await sharp(picture).metadata();
  if (!icc) throw new Error('libvips wrote no sRGB profile.');
  return icc;
}

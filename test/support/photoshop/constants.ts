/** The values of `require('photoshop').constants` that are used, as @types/photoshop 25.0.4 lists them. */
export const constants = {
  ElementPlacement: { PLACEBEFORE: 'placeBefore', PLACEINSIDE: 'placeInside' },
  DocumentMode: { RGB: 'RGBColorMode', GRAYSCALE: 'grayscaleMode' },
  BitsPerChannelType: { EIGHT: 'bitDepth8', SIXTEEN: 'bitDepth16', THIRTYTWO: 'bitDepth32' },
  NewDocumentMode: { RGB: 'RGBColorMode' },
  DocumentFill: { TRANSPARENT: 'transparent' },
  ResampleMethod: { BICUBICSMOOTHER: 'bicubicSmoother' },
} as const;

export const depthConstant = { 8: 'bitDepth8', 16: 'bitDepth16', 32: 'bitDepth32' } as const;

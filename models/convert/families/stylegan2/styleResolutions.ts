/**
 * Side in pixels of the convolution that each style feeds: one at 4², two at every doubling. The last
 * feeds a toRGB alone, at the size of the picture.
 */
export const styleResolutions = (styles: number): number[] =>
  Array.from({ length: styles }, (_, style) =>
    Math.min(4 * 2 ** Math.ceil(style / 2), 2 ** (styles / 2 + 1)),
  );

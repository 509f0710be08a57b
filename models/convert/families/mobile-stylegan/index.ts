import { groupStyles } from '../../styleGroups';

/** Doublings from the 4² input: 8², 16² … 512². */
const LEVELS = 7;

/**
 * MobileStyleGAN at 1024² (Belousov 2021, arXiv 2104.04767): one style at 4², three at every doubling, for
 * the wavelet step to that side and two convolutions, and the last for the step to the picture. It has
 * no checkpoints in the manner of pSp; `models/training` writes its graphs.
 */
const styleResolutions: readonly number[] = [
  4,
  ...Array.from({ length: LEVELS }, (_, level) => Array<number>(3).fill(8 * 2 ** level)).flat(),
  1024,
];

export const mobileStyleGan = {
  family: 'mobile-stylegan',
  resolution: 1024,
  nStyles: styleResolutions.length,
  styleDim: 512,
  styleResolutions,
  styleGroups: groupStyles(styleResolutions),
} as const;

import type { CheckpointFamily } from '../family';
import { INPUT_SIZE, readInputChannels } from './backbone';
import { buildDecoder, readDecoderShape } from './decoder';
import { buildEncoder } from './encoder';
import { buildMapping } from './mapping';
import { styleResolutions } from './styleResolutions';

/** pSp's own: rosinality's StyleGAN2 with the encoders of Richardson et al. 2021. */
export const stylegan2: CheckpointFamily = {
  id: 'stylegan2',

  recognises: (weights) => weights.has('decoder.to_rgb1.conv.weight'),

  async read(weights, { precision, latentAverage }) {
    const shape = readDecoderShape(weights);
    const { size, styles, styleWidth } = shape;
    const average = latentAverage(styles, styleWidth);
    return {
      resolution: size,
      styleDim: styleWidth,
      styleResolutions: styleResolutions(styles),
      input: { channels: readInputChannels(weights), size: INPUT_SIZE },
      graphs: {
        encoder: await buildEncoder(weights, {
          styles,
          styleWidth,
          latentAverage: average,
          precision,
        }),
        mapping: buildMapping(weights, styleWidth, precision),
        decoder: buildDecoder(weights, shape, precision),
      },
    };
  },
};

import { createDocument, isPsdError, type ByteSink, type NewLayer } from '../../psd';
import { PspError } from '../../protocol/errors';
import { rasterDepth } from '../../protocol/raster';
import type { Photograph } from '../image/readPhotograph';
import { srgbProfile } from '../image/srgbProfile';
import {
  writeFileAtomically,
  type OnDraft,
  type Target,
  type WrittenFile,
} from './writeFileAtomically';

/** Beyond them a document must be a PSB. */
const maxPsdSide = 30_000;

/**
 * A new PSD with the picture as its bottom layer and the given layers above, in the picture's profile and
 * depth, saying of itself what its file said. @throws PspError OUTPUT_FAILED, TOO_LARGE
 */
export async function writeLayeredDocument(
  target: Target,
  { pixels, profile, metadata }: Photograph,
  layers: readonly NewLayer[],
  onDraft?: OnDraft,
): Promise<WrittenFile> {
  const { width, height, data } = pixels;
  const bounds = { left: 0, top: 0, right: width, bottom: height };
  const source: NewLayer = { kind: 'pixels', name: 'Source', bounds, pixels: data };
  const document = {
    width,
    height,
    depth: rasterDepth(pixels),
    large: Math.max(width, height) > maxPsdSide,
    iccProfile: profile ?? (await srgbProfile()),
    metadata,
    layers: [source, ...layers],
  };
  const fill = (sink: ByteSink): Promise<void> => createDocument(document, sink);
  return writeFileAtomically(target, fill, onDraft).catch((error: unknown) => {
    if (!isPsdError(error)) throw error;
    const code = error.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'INTERNAL';
    throw new PspError(code, error.message, { cause: error });
  });
}

import { createDocument, isPsdError, type ByteSink, type NewLayer } from '../../psd';
import { PspError } from '../../protocol/errors';
import { rasterDepth } from '../../protocol/raster';
import { enlargeByBands } from '../image/enlargeByBands';
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
 * A new PSD with the picture, enlarged by a factor, as its bottom layer and the given layers above, in the
 * picture's profile and depth, saying of itself what its file said. @throws PspError OUTPUT_FAILED, TOO_LARGE
 */
export async function writeLayeredDocument(
  target: Target,
  { pixels, profile, metadata }: Photograph,
  layers: readonly NewLayer[],
  {
    factor = 1,
    onDraft,
  }: { readonly factor?: number; readonly onDraft?: OnDraft | undefined } = {},
): Promise<WrittenFile> {
  const [width, height] = [pixels.width * factor, pixels.height * factor];
  const document = {
    width,
    height,
    depth: rasterDepth(pixels),
    large: Math.max(width, height) > maxPsdSide,
    iccProfile: profile ?? (await srgbProfile()),
    metadata,
    base: { name: 'Source', bands: enlargeByBands(pixels, factor) },
    layers,
  };
  const fill = (sink: ByteSink): Promise<void> => createDocument(document, sink);
  return writeFileAtomically(target, fill, onDraft).catch((error: unknown) => {
    if (!isPsdError(error)) throw error;
    const code = error.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'INTERNAL';
    throw new PspError(code, error.message, { cause: error });
  });
}

import type { BridgeClient } from '../../../core/bridge/bridgeClient';
import type { Raster } from '../../../../protocol/raster';
import { replacePixels, type Layer, type PixelLayer } from '../document/layer';

/** What the page asks of the bridge about files. */
export type FileBridge = Pick<BridgeClient, 'state' | 'openPicture' | 'convertPixels'>;

/** Pixels that travel at once: little enough to hold nobody up. */
const stripPixels = 8e6;

/** Pixels between sRGB and an RGB profile, strip by strip; depth kept. @throws PspError */
export async function convertRaster(
  bridge: FileBridge,
  raster: Raster,
  profile: Uint8Array,
  to: 'srgb' | 'profile',
): Promise<Raster> {
  const { width, height, data } = raster;
  const converted = data.slice();
  const rows = Math.max(1, Math.floor(stripPixels / width));
  for (let top = 0; top < height; top += rows) {
    const strip = data.slice(top * width * 4, (top + rows) * width * 4);
    const part = { width, height: strip.length / 4 / width, data: strip };
    converted.set((await bridge.convertPixels(part, profile, to)).data, top * width * 4);
  }
  return { width, height, data: converted };
}

/** Layers as they are shown and worked on: in sRGB. */
export const layersInSrgb = (
  bridge: FileBridge,
  layers: readonly Layer[],
  profile: Uint8Array,
): Promise<readonly Layer[]> =>
  replacePixels(layers, async ({ pixels }) => convertFilled(bridge, pixels, profile, 'srgb'));

/** Layers as they are saved: in the document's profile. Those of an opened file are not touched. */
export const layersInProfile = (
  bridge: FileBridge,
  layers: readonly Layer[],
  profile: Uint8Array,
): Promise<readonly Layer[]> =>
  replacePixels(layers, async (layer: PixelLayer) => {
    if (layer.fileIndex !== null) return layer.pixels;
    return layer.own ?? convertFilled(bridge, layer.pixels, profile, 'profile');
  });

/** Layers of a file may be empty. */
const convertFilled: typeof convertRaster = async (bridge, raster, profile, to) =>
  raster.data.length === 0 ? raster : convertRaster(bridge, raster, profile, to);

import type { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import type { RunRequest } from '../../plugin/core/bridge/bridge';
import { toPspError } from '../../protocol/errors';
import { decodeNpy, encodeNpy } from '../../protocol/latents';
import { rasterDepth, type Raster } from '../../protocol/raster';
import { until } from '../support/bridgeServer';
import {
  fromBase64,
  toBase64,
  type Call,
  type Outcome,
  type RecordedPixels,
  type RecordedRegion,
} from './exchange';

/** Makes the reference client do what an exchange says. */
export async function perform(client: BridgeClient, call: Call): Promise<Outcome> {
  try {
    await connected(client);
    switch (call.kind) {
      case 'connect':
        return { kind: 'connected' };
      case 'find-faces':
        return { kind: 'faces', count: (await client.findFaces(rasterOf(call.preview))).length };
      case 'run':
        return await run(client, call);
    }
  } catch (error) {
    return { kind: 'error', code: toPspError(error).code };
  }
}

/** @throws the reason for which the client cannot be connected */
async function connected(client: BridgeClient): Promise<void> {
  client.start();
  await Promise.race(
    (['ready', 'not-paired', 'wrong-version'] as const).map((kind) => until(client, kind)),
  );
  const state = client.state.value;
  if (state.kind === 'not-paired' || state.kind === 'wrong-version') {
    throw Object.assign(new Error(state.error.message), {
      ...state.error,
      brand: 'psp-layers/error',
    });
  }
}

async function run(
  client: BridgeClient,
  { regions, latents, kind: _, ...request }: Extract<Call, { kind: 'run' }>,
): Promise<Outcome> {
  const running = client.run({ ...request, regions: regions.map(regionOf) } as RunRequest, {
    onSending: () => undefined,
    onQueued: () => undefined,
    onProgress: () => undefined,
  });
  const { patches } = await running.result;
  const npy = latents ? toBase64(encodeNpy(await running.latents(0))) : null;
  return {
    kind: 'patches',
    patches: patches.map(({ name, bounds, pixels, mask }) => ({
      name,
      bounds,
      pixels: recordPixels(pixels),
      mask: toBase64(mask.data),
    })),
    latents: npy,
  };
}

export const recordPixels = (raster: Raster): RecordedPixels => ({
  width: raster.width,
  height: raster.height,
  depth: rasterDepth(raster),
  bytes: toBase64(raster.data),
});

function rasterOf({ width, height, depth, bytes }: RecordedPixels): Raster {
  const data = fromBase64(bytes);
  return { width, height, data: depth === 8 ? data : new Uint16Array(data.buffer) };
}

function regionOf(region: RecordedRegion) {
  const { width, height } = region.pixels;
  return {
    ...region,
    pixels: rasterOf(region.pixels),
    hole: region.hole === null ? null : { width, height, data: fromBase64(region.hole) },
    latents: region.latents === null ? null : decodeNpy(fromBase64(region.latents)),
  };
}

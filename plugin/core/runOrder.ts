import { PspError } from '../../protocol/errors';
import { translateBounds } from '../../protocol/geometry';
import { madeWith } from '../../protocol/madeWith';
import type { Region, Patch } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';
import type { Raster } from '../../protocol/raster';
import type { Bridge, BridgeRun, RunProgress } from './bridge/bridge';
import { captureLayer, type FoundFaces } from './captureLayer';
import type { DocumentHost, LayerHandle, LayerTarget, NewLayer } from './document';
import type { JobResult, JobState, MadeLayer } from './job';
import type { Order } from './order';
import { composite, maskAsRaster, shrink } from './resample';

const thumbnailSide = 256;

export interface RunHooks {
  onState(state: JobState): void;
  /** Called once the bridge works on it: how to stop that. */
  onStarted(cancel: () => void): void;
  isCancelled(): boolean;
}

/**
 * One order on one layer: capture, release the editor, wait, check that the layer is still there,
 * commit in one step.
 * @throws PspError; CANCELLED as soon as `isCancelled`, and then nothing was written.
 */
export async function runOrder(
  host: DocumentHost,
  bridge: Bridge,
  target: LayerTarget,
  order: Order,
  known: FoundFaces | null,
  hooks: RunHooks,
): Promise<JobResult> {
  stopIfCancelled(hooks);
  hooks.onState({ kind: 'reading' });
  const regions = await captureLayer(host, bridge, target, order, known);
  stopIfCancelled(hooks);

  hooks.onState({ kind: 'sending', share: 0 });
  const follower = createFollower(hooks, () => run.glimpse());
  const run = bridge.run(
    {
      operation: order.operation.id,
      model: order.model,
      parameters: order.parameters,
      priority: order.priority,
      regions,
    },
    {
      onSending: (share) => hooks.onState({ kind: 'sending', share }),
      onQueued: (place, waitsFor) => hooks.onState({ kind: 'queued', place, waitsFor }),
      onProgress: follower.follow,
    },
  );
  hooks.onStarted(() => run.cancel());
  const { patches, workMs } = await run.result;
  stopIfCancelled(hooks);

  hooks.onState({ kind: 'writing' });
  if (!(await host.exists(target))) {
    throw new PspError(
      'DOCUMENT_CHANGED',
      `The layer "${target.layerName}" is gone: it was deleted, or "${target.documentName}" was closed meanwhile. Bring it back and run it again.`,
    );
  }
  const handles = await commit(host, target, order, patches);
  const layers = await Promise.all(
    patches.map(async (patch, index) => {
      const handle = handles[index]!;
      return {
        ...describeLayer(patch, handle, regions, await codesOf(run, index)),
        made: { operation: order.operation, parameters: order.parameters },
        revision: await revisionOf(host, handle),
      };
    }),
  );
  run.forget();
  return { layers, earlier: [], workMs, faces: regions.length, glimpses: follower.glimpses() };
}

/** Shows how far a run is, and its newest glimpse: one is asked for at a time. */
function createFollower(
  hooks: RunHooks,
  look: () => Promise<Raster | null>,
): { follow(progress: RunProgress): Promise<void>; glimpses(): number } {
  let progress: RunProgress;
  let glimpse: Raster | null = null;
  let [seen, looking] = [0, false];
  const show = (): void => hooks.onState({ kind: 'running', progress, glimpse });
  let there = 0;
  const follow = async (next: RunProgress): Promise<void> => {
    progress = next;
    show();
    there = next.glimpses ?? 0;
    if (looking || there <= seen) return;
    [looking, seen] = [true, there];
    // A glimpse is not worth an error: the run tells of its own.
    const found = await look().catch(() => null);
    looking = false;
    if (found === null || hooks.isCancelled()) return;
    glimpse = found;
    show();
  };
  return { follow, glimpses: () => there };
}

function stopIfCancelled(hooks: RunHooks): void {
  if (hooks.isCancelled()) throw new PspError('CANCELLED', 'Cancelled. Nothing was changed.');
}

/** All patches in one step; only crops become one document for each face. */
async function commit(
  host: DocumentHost,
  target: LayerTarget,
  order: Order,
  patches: readonly Patch[],
): Promise<readonly LayerHandle[]> {
  const [first] = patches;
  if (!first) {
    throw new PspError('INTERNAL', 'The bridge answered without a layer. Run it again.');
  }
  const batches =
    first.space.kind === 'crop'
      ? [...new Set(patches.map((patch) => patch.faceNumber))].map((number) =>
          patches.filter((patch) => patch.faceNumber === number),
        )
      : [patches];
  const made = new Map<Patch, LayerHandle>();
  for (const batch of batches) {
    const handles = await host.commitLayers(target, {
      space: first.space,
      commandName: order.operation.label,
      groupName: `${order.operation.label} · ${target.layerName}`,
      layers: batch.map((patch) => asNewLayer(patch, order)),
    });
    batch.forEach((patch, index) => made.set(patch, handles[index]!));
  }
  return patches.map((patch) => made.get(patch)!);
}

/** @param order by which it was made */
export function asNewLayer(
  patch: Patch,
  { operation, parameters }: Pick<Order, 'operation' | 'parameters'>,
): NewLayer {
  const { name, bounds, pixels, mask } = patch;
  const made = madeWith(operation, parameters, patch);
  return { name, bounds, pixels, mask, opacity: 1, visible: patch.variant === 1, madeWith: made };
}

/** A result without latents is still a result: mixing and saving them is then not offered. */
export const codesOf = async (
  run: BridgeRun,
  index: number,
): Promise<Pick<MadeLayer, 'latents' | 'source'>> => ({
  latents: await latentsOf(run, index, 'patch'),
  source: await latentsOf(run, index, 'source'),
});

async function latentsOf(
  run: BridgeRun,
  index: number,
  of: 'patch' | 'source',
): Promise<Latents | null> {
  try {
    return await run.latents(index, of);
  } catch {
    return null;
  }
}

/** Of what a layer holds; of one that is gone, none that it could have. */
export const revisionOf = async (host: DocumentHost, layer: LayerHandle): Promise<string> =>
  (await host.look(layer))?.revision ?? '';

/** A patch as the layer it became, with small pictures of its place as it was and as it is. */
export function describeLayer(
  patch: Patch,
  handle: LayerHandle,
  regions: readonly Region[],
  codes: Pick<MadeLayer, 'latents' | 'source'>,
): Omit<MadeLayer, 'made' | 'revision'> {
  const region =
    regions.find((candidate) => candidate.faceNumber === patch.faceNumber) ?? regions[0]!;
  const { pixels, mask, ...rest } = patch;
  const { bounds, face, faceNumber } = region;
  const after = shrink(pixels, thumbnailSide);
  const inPlace = patch.space.kind === 'document';
  const before = inPlace
    ? shrink(region.pixels, thumbnailSide, translateBounds(patch.bounds, -bounds.left, -bounds.top))
    : shrink(region.pixels, thumbnailSide);
  const shownMask = shrink(maskAsRaster(mask), thumbnailSide);
  return {
    ...rest,
    handle,
    region: { bounds, face, faceNumber },
    shown: inPlace ? patch.bounds : bounds,
    before,
    after: inPlace ? composite(before, after, alphaAsMask(shownMask)) : after,
    ...codes,
  };
}

const alphaAsMask = (raster: ReturnType<typeof shrink>) => ({
  width: raster.width,
  height: raster.height,
  data: Uint8Array.from(
    { length: raster.width * raster.height },
    (_, i) => raster.data[i * 4 + 3]!,
  ),
});

import { PspError } from '../../protocol/errors';
import type { ServerEvent } from '../../protocol/events';
import type { Limits } from '../../protocol/limits';
import type { Params, Result } from '../../protocol/methods';
import { type OperationDeclaration } from '../../protocol/operation';
import { decodeNpy, encodeNpy } from '../../protocol/latents';
import { completeParameters } from '../../protocol/parameter';
import { encodeMask, encodeRaster, pixelsBytes, type PixelsHeader } from '../../protocol/payload';
import type { Raster } from '../../protocol/raster';
import type { Pictures } from '../image/pictures';
import type { JobQueue } from '../jobs/jobQueue';
import { TurnQueue } from '../jobs/turnQueue';
import type { Processor } from '../processor/processor';
import type { PairingCodes } from '../pairing/pairingCodes';
import type { Handlers, Payload, Peer } from '../transport/service';
import {
  checkLatentsFile,
  checkPixels,
  measureRegions,
  receiveJob,
  receiveRaster,
  streamsOf,
} from './jobMessage';
import { createModelHandlers, type ModelStorage } from './modelHandlers';
import { createPictureHandlers } from './pictureHandlers';
import { receiving } from './receiving';
import { sendPatch } from './resultMessage';

/** @throws PspError OUTPUT_FAILED */
export type InstallPlugIn = (
  editor: Params<'install-plug-in'>['editor'],
) => Promise<Result<'install-plug-in'>>;

export interface HandlerParts {
  readonly operations: readonly OperationDeclaration[];
  readonly processor: Processor;
  readonly pictures: Pictures;
  readonly queue: JobQueue;
  readonly codes: PairingCodes;
  readonly storage: ModelStorage;
  readonly installPlugIn: InstallPlugIn;
  readonly limits: Limits;
  readonly notify: (client: string, event: ServerEvent) => void;
  /** Models were imported or removed. */
  readonly onModelsChanged: () => void;
}

/** What each request does. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { operations, processor, queue, codes, limits } = parts;
  const searches = new TurnQueue(limits, 'previews');

  function declarationOf(id: string): OperationDeclaration {
    const declaration = operations.find((operation) => operation.id === id);
    if (declaration) return declaration;
    throw new PspError('BAD_INPUT', `This bridge server does not know the operation "${id}".`);
  }

  /** Something is looked for in pixels that follow, in the client's turn. */
  async function search<Found>(
    peer: Peer,
    job: string | null,
    pixels: PixelsHeader,
    maxPixels: number,
    look: (raster: Raster, signal: AbortSignal) => Promise<Found>,
  ): Promise<Found> {
    peer.payloads.announce([pixels.stream]);
    checkPixels(pixels, maxPixels);
    const turn = searches.open(peer.instance, job ?? '', pixelsBytes(pixels));
    const signal = AbortSignal.any([turn.signal, peer.closed]);
    try {
      const raster = await receiving(peer, signal, (receivingSignal) =>
        receiveRaster(pixels, receiver(peer, receivingSignal)),
      );
      return await turn.run(() => look(raster, signal));
    } finally {
      turn.close();
    }
  }

  return {
    ...createModelHandlers(parts),
    ...createPictureHandlers(parts),

    capabilities: async () => ({
      result: { operations, models: await processor.models(), provider: processor.report },
    }),

    'find-faces': async ({ job, preview, documentScale }, peer) => {
      const look = (raster: Raster, signal: AbortSignal) =>
        processor.findFaces(raster, { documentScale, signal });
      const faces = await search(peer, job, preview, limits.previewPixels, look);
      // A click is to be expected. A process that ends on the way is found dead by the next call.
      if (faces.length > 0) processor.warm().catch(() => undefined);
      return { result: { faces } };
    },

    'select-part': async ({ job, pixels, quad, part }, peer) => {
      const look = (raster: Raster, signal: AbortSignal) =>
        processor.selectPart(raster, quad, part, signal);
      const found = await search(peer, job, pixels, limits.regionPixels, look);
      const { header, payload } = encodeMask(found, peer.nextStream(), peer.isCompact);
      return { result: { mask: header }, payloads: [{ ...payload, isStale: () => false }] };
    },

    run: async (params, peer) => {
      const { job, operation, priority, regions } = params;
      peer.payloads.announce(streamsOf(regions));
      const parameters = completeParameters(declarationOf(operation), params.parameters);
      const bytes = measureRegions(regions, limits);
      const cancelled = queue.open({ client: peer.instance, id: job, priority, bytes });
      try {
        const work = await receiving(peer, cancelled, (signal) =>
          receiveJob(
            params,
            parameters,
            receiver(peer, signal, (received) => queue.received(peer.instance, job, received)),
          ),
        );
        queue.submit(peer.instance, job, work);
      } catch (error) {
        queue.abandon(peer.instance, job);
        throw error;
      }
      return { result: { job } };
    },

    cancel: async ({ job }, { instance }) => {
      if (!searches.cancel(instance, job)) queue.cancel(instance, job);
      return { result: {} };
    },

    status: async ({ job }, { instance }) => ({ result: queue.status(instance, job) }),

    glimpse: async ({ job }, { instance, nextStream, isCompact }) => {
      const picture = queue.glimpse(instance, job);
      if (!picture) return { result: { pixels: null } };
      const { header, payload } = encodeRaster(picture, nextStream(), isCompact);
      const isStale = (): boolean => queue.isCancelled(instance, job);
      return { result: { pixels: header }, payloads: [{ ...payload, isStale }] };
    },

    fetch: async ({ job }, peer) => {
      const { instance } = peer;
      const { result, workMs } = queue.result(instance, job);
      const isStale = (): boolean => queue.isCancelled(instance, job);
      const sent = result.patches.map((patch) => sendPatch(patch, peer, isStale));
      return {
        result: { patches: sent.map(({ message }) => message), timings: result.timings, workMs },
        payloads: sent.flatMap(({ payloads }) => payloads),
        onReceived: () => queue.markFetched(instance, job),
      };
    },

    place: async ({ placing, parameters }, peer) => {
      const placed = await processor.place(placing, parameters);
      const { message, payloads } = sendPatch(placed, peer, () => false);
      return { result: { patch: message }, payloads };
    },

    latents: async ({ job, patch, of }, { instance, nextStream }) => {
      const { patches } = queue.result(instance, job).result;
      const chosen = patches[patch];
      if (!chosen) {
        throw new PspError('NOT_FOUND', `The job has ${patches.length} patches, none at ${patch}.`);
      }
      const stream = nextStream();
      const bytes = encodeNpy(of === 'source' ? chosen.source : chosen.latents);
      const payload: Payload = { stream, bytes, isStale: () => false };
      return { result: { latents: { stream, bytes: bytes.length } }, payloads: [payload] };
    },

    preview: async ({ latents, ...asked }, peer) => {
      peer.payloads.announce([latents.stream]);
      checkLatentsFile(latents);
      const picture = await receiving(peer, peer.closed, async (signal) => {
        const file = await peer.payloads.receive(latents.stream, latents.bytes, signal);
        return processor.preview({ ...asked, latents: decodeNpy(file) }, signal);
      });
      const { pixels, identity } = picture;
      const { header, payload } = encodeRaster(pixels, peer.nextStream(), peer.isCompact);
      const payloads = [{ ...payload, isStale: () => false }];
      return { result: { pixels: header, identity }, payloads };
    },

    forget: async ({ job }, { instance }) => {
      queue.forget(instance, job);
      return { result: {} };
    },

    'install-plug-in': async ({ editor }) => ({ result: await parts.installPlugIn(editor) }),

    'pairing-code': async () => ({ result: codes.create('code') }),
  };
}

const receiver =
  (peer: Peer, signal: AbortSignal, onBytes?: (bytes: number) => void) =>
  (stream: number, bytes: number): Promise<Uint8Array<ArrayBuffer>> =>
    peer.payloads.receive(stream, bytes, signal, onBytes);

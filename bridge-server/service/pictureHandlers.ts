import { PspError } from '../../protocol/errors';
import type { Limits } from '../../protocol/limits';
import {
  encodeRaster,
  pixelsBytes,
  type Blob as BlobMessage,
  type PixelsHeader,
} from '../../protocol/payload';
import type { Raster } from '../../protocol/raster';
import type { Pictures } from '../image/pictures';
import { TurnQueue } from '../jobs/turnQueue';
import type { Handlers, Payload, Peer } from '../transport/service';
import { checkPixels, receiveRaster, type Receive } from './jobMessage';
import { receiving } from './receiving';

export interface PictureHandlerParts {
  readonly pictures: Pictures;
  readonly limits: Limits;
}

/** A TIFF of 100 megapixels with three channels of 16 bit is shorter. */
const maxFileBytes = 640 * 2 ** 20;
/** 1 GB with 16 bit. */
const maxPixels = 128e6;
/** Those with tables have some MB. */
const maxProfileBytes = 16 * 2 ** 20;

/** Picture files read and pixels converted, one at a time beside the job that runs. */
export function createPictureHandlers({
  pictures,
  limits,
}: PictureHandlerParts): Pick<Handlers, 'open-picture' | 'convert-pixels'> {
  const queue = new TurnQueue(limits, 'pictures');

  return {
    'open-picture': async ({ name, file }, peer) => {
      peer.payloads.announce([file.stream]);
      requireShort(file, maxFileBytes, 'The file');
      return inTurn(peer, file.bytes, async (receive, turn) => {
        const bytes = await receive(file.stream, file.bytes);
        const { pixels, profile, metadata } = await turn(() =>
          pictures.open(name, bytes, maxPixels),
        );
        const { pixelsPerInch, copyrighted, exif, iptc, xmp } = metadata;
        const outgoing = new Outgoing(peer);
        const said = { pixelsPerInch, copyrighted };
        const result = {
          ...said,
          pixels: outgoing.pixels(pixels),
          profile: outgoing.blob(profile),
          exif: exif && outgoing.blob(exif),
          iptc: iptc && outgoing.blob(iptc),
          xmp: xmp && outgoing.blob(xmp),
        };
        return { result, payloads: outgoing.payloads };
      });
    },

    'convert-pixels': async ({ pixels, profile, to }, peer) => {
      peer.payloads.announce([pixels.stream, profile.stream]);
      checkPixels(pixels, limits.regionPixels);
      requireShort(profile, maxProfileBytes, 'The profile');
      return inTurn(peer, pixelsBytes(pixels) + profile.bytes, async (receive, turn) => {
        const [raster, icc] = await Promise.all([
          receiveRaster(pixels, receive),
          receive(profile.stream, profile.bytes),
        ]);
        const converted = await turn(() => pictures.convert(raster, icc, to));
        const outgoing = new Outgoing(peer);
        const result = { pixels: outgoing.pixels(converted) };
        return { result, payloads: outgoing.payloads };
      });
    },
  };

  /** What it takes is reserved until all of the answer has arrived, or its client is gone. */
  async function inTurn<Reply extends { readonly payloads: readonly Payload[] }>(
    peer: Peer,
    bytes: number,
    work: (receive: Receive, turn: <T>(read: () => Promise<T>) => Promise<T>) => Promise<Reply>,
  ): Promise<Reply & { readonly onReceived: () => void }> {
    const turn = queue.open(peer.instance, '', bytes);
    const close = (): void => {
      peer.closed.removeEventListener('abort', close);
      turn.close();
    };
    peer.closed.addEventListener('abort', close);
    try {
      const reply = await receiving(peer, turn.signal, (signal) =>
        work(
          (stream, total) => peer.payloads.receive(stream, total, signal),
          (read) => turn.run(read),
        ),
      );
      turn.hold(reply.payloads.reduce((sum, payload) => sum + payload.bytes.length, 0));
      return { ...reply, onReceived: close };
    } catch (error) {
      close();
      throw error;
    }
  }
}

/** Payloads that follow an answer, under streams of their own. */
class Outgoing {
  readonly payloads: Payload[] = [];

  constructor(private readonly peer: Peer) {}

  /** As they are: to make a large picture a quarter smaller would keep the others waiting. */
  pixels(raster: Raster): PixelsHeader {
    const { header, payload } = encodeRaster(raster, this.peer.nextStream(), false);
    this.payloads.push({ ...payload, isStale: () => false });
    return header;
  }

  blob(bytes: Uint8Array): BlobMessage {
    const stream = this.peer.nextStream();
    this.payloads.push({ stream, bytes, isStale: () => false });
    return { stream, bytes: bytes.length };
  }
}

/** @throws PspError TOO_LARGE */
function requireShort({ bytes }: BlobMessage, most: number, what: string): void {
  if (bytes <= most) return;
  throw new PspError(
    'TOO_LARGE',
    `${what} has ${Math.ceil(bytes / 2 ** 20)} MB; at most ${most / 2 ** 20} MB are taken here. Use the command line or another editor.`,
  );
}

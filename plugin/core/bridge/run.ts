import { PspError, toPspError } from '../../../protocol/errors';
import { decodeNpy, type Latents } from '../../../protocol/latents';
import { rasterBytes, rasterFrom } from '../../../protocol/payload';
import type { Raster } from '../../../protocol/raster';
import type { BridgeRun, RunEvents, RunRequest, RunResult } from './bridge';
import type { BridgeChannel } from './channel';
import type { JobEvent } from './connection';
import { announcedByFetch, packRun, unpackPatch } from './messages';

/** What a run needs of the client that it belongs to. */
export interface RunLink {
  /** The connection that is open now. */
  channel(): BridgeChannel | null;
  /** Says so now, or when the connection is back. */
  tell(method: 'cancel' | 'forget'): void;
  onOver(): void;
}

/** One job, from its request to its result, over as many connections as it takes. */
export class ClientRun implements BridgeRun {
  readonly result: Promise<RunResult>;
  private resolve!: (result: RunResult) => void;
  private reject!: (error: PspError) => void;
  private sent = false;
  private over = false;

  constructor(
    private readonly job: string,
    private readonly request: RunRequest,
    private readonly events: RunEvents,
    private readonly link: RunLink,
  ) {
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever waits for the result handles its failure.
    this.result.catch(() => undefined);
  }

  /** Goes on over this connection: sends the job, or asks what became of it meanwhile. */
  async resume(channel: BridgeChannel): Promise<void> {
    if (this.over) return;
    try {
      if (this.sent && (await this.isKnown(channel))) return;
      this.sent = true;
      const { message, payloads } = packRun(this.job, this.request, channel);
      const onSent = (share: number) => this.over || this.events.onSending(share);
      await channel.ask('run', message, payloads, undefined, onSent);
    } catch (error) {
      this.failUnlessLost(toPspError(error));
    }
  }

  onMessage({ event, params }: JobEvent): void {
    if (this.over) return;
    if (event === 'queued') this.events.onQueued(params.place, params.waitsFor);
    else if (event === 'progress') this.events.onProgress(params);
    else if (event === 'finished') void this.fetch();
    else if (event === 'failed') this.failUnlessLost(PspError.from(params.error));
  }

  /** No more is heard of it here; the bridge is told now, or when the connection is back. */
  cancel(): void {
    if (this.over) return;
    this.fail(new PspError('CANCELLED', 'Cancelled.'));
    this.link.tell('cancel');
  }

  async glimpse(): Promise<Raster | null> {
    const channel = this.link.channel();
    if (this.over || !channel) return null;
    const { job } = this;
    const { result, payload } = await channel.ask('glimpse', { job }, [], ({ pixels }) =>
      pixels ? [{ stream: pixels.stream, bytes: rasterBytes(pixels) }] : [],
    );
    return result.pixels && rasterFrom(result.pixels, payload(result.pixels.stream));
  }

  async latents(patch: number, of: 'patch' | 'source' = 'patch'): Promise<Latents> {
    const { job } = this;
    const channel = this.link.channel();
    if (!channel) throw new PspError('CONNECTION_LOST', 'The bridge server is not connected.');
    const { result, payload } = await channel.ask(
      'latents',
      { job, patch, of },
      [],
      ({ latents }) => [latents],
    );
    return decodeNpy(payload(result.latents.stream));
  }

  forget(): void {
    this.link.tell('forget');
  }

  fail(error: PspError): void {
    this.end(() => this.reject(error));
  }

  private async isKnown(channel: BridgeChannel): Promise<boolean> {
    const { result: status } = await channel
      .ask('status', { job: this.job })
      .catch((error: unknown) => {
        // Its request never arrived whole, or the server was started anew: the pixels are still here.
        if (toPspError(error).code === 'NOT_FOUND') return { result: null };
        throw error;
      });
    if (status?.state === 'finished') await this.fetch();
    if (status?.state === 'failed') this.failUnlessLost(PspError.from(status.error));
    return status !== null;
  }

  private async fetch(): Promise<void> {
    try {
      const channel = this.link.channel();
      if (!channel) return;
      const delivery = await channel.ask('fetch', { job: this.job }, [], announcedByFetch);
      const { patches, workMs } = delivery.result;
      const unpacked = patches.map((patch) => unpackPatch(patch, delivery));
      this.end(() => this.resolve({ patches: unpacked, workMs }));
    } catch (error) {
      this.failUnlessLost(toPspError(error));
    }
  }

  /** A lost connection, or a job handed back by a server that stops, is no failure: `resume` follows. */
  private failUnlessLost(error: PspError): void {
    if (error.code !== 'CONNECTION_LOST') this.fail(error);
  }

  private end(settle: () => void): void {
    if (this.over) return;
    this.over = true;
    settle();
    this.link.onOver();
  }
}

import type { PspError } from '../../../protocol/errors';
import type { Face } from '../../../protocol/face';
import type { FacePart } from '../../../protocol/facePart';
import type { Quad } from '../../../protocol/geometry';
import { encodeNpy } from '../../../protocol/latents';
import type { Params, Result } from '../../../protocol/methods';
import { maskBytes, maskFrom, rasterBytes, rasterFrom } from '../../../protocol/payload';
import type { PreviewPicture, PreviewRequest } from '../../../protocol/preview';
import type { Patch } from '../../../protocol/job';
import type { Mask, Raster } from '../../../protocol/raster';
import type { InstalledModel } from '../../../protocol/model';
import type { ParameterValues } from '../../../protocol/parameter';
import type {
  Bridge,
  BridgeRun,
  ConnectionState,
  ImportOptions,
  RunEvents,
  RunRequest,
} from './bridge';
import type { BridgeChannel } from './channel';
import { BridgeConnection, notConnected, type BridgeClientOptions } from './connection';
import {
  announcedByPatch,
  announcedByPicture,
  packRaster,
  unpackPatch,
  unpackPicture,
  type OpenedPicture,
} from './messages';
import { ClientRun } from './run';
import type { BridgeRuntime } from './runtime';
import type { Observable } from '../observable';

/** The reference client: stays connected, and carries jobs over lost connections. */
export class BridgeClient implements Bridge {
  readonly state: Observable<ConnectionState>;
  readonly url: Observable<string>;
  private readonly connection: BridgeConnection;
  private readonly runs = new Map<string, ClientRun>();
  /** Who hears how far an import is, by its name. */
  private readonly imports = new Map<string, (share: number) => void>();
  /** Cancelled while there was no connection. */
  private readonly cancelled = new Set<string>();

  constructor(
    private readonly runtime: BridgeRuntime,
    options: BridgeClientOptions,
  ) {
    this.connection = new BridgeConnection(runtime, options, {
      onReady: (channel) => this.resume(channel),
      onJobEvent: (event) => this.runs.get(event.params.job)?.onMessage(event),
      onImporting: ({ name, stage, fraction }) =>
        this.imports.get(name)?.(shareOfImport(stage, fraction)),
      onGivenUp: (error) => this.giveUp(error),
    });
    this.state = this.connection.state;
    this.url = this.connection.url;
  }

  /** Connects, and again whenever the connection is lost. */
  start(): void {
    this.connection.start();
  }

  stop(): void {
    this.connection.stop();
  }

  /** Connects with a code that the server shows, and keeps the token it answers with. */
  pair(code: string, by: 'code' | 'page' = 'code'): void {
    this.connection.pair(code, by);
  }

  async findFaces(
    preview: Raster,
    documentScale = 1,
    onStarted?: (cancel: () => void) => void,
  ): Promise<readonly Face[]> {
    const channel = this.connected();
    const { message, payloads } = packRaster(preview, channel);
    const job = this.runtime.randomName();
    onStarted?.(() => void channel.ask('cancel', { job }).catch(() => undefined));
    const params = { job, preview: message, documentScale };
    const { result } = await channel.ask('find-faces', params, payloads);
    return result.faces;
  }

  async selectPart(raster: Raster, quad: Quad, part: FacePart): Promise<Mask> {
    const channel = this.connected();
    const { message, payloads } = packRaster(raster, channel);
    const { result, payload } = await channel.ask(
      'select-part',
      { job: null, pixels: message, quad, part },
      payloads,
      ({ mask }) => [{ stream: mask.stream, bytes: maskBytes(mask, raster) }],
    );
    return maskFrom(result.mask, raster, payload(result.mask.stream));
  }

  run(request: RunRequest, events: RunEvents): BridgeRun {
    const job = this.runtime.randomName();
    const run = new ClientRun(job, request, events, {
      channel: () => this.connection.channel,
      tell: (method) => {
        const { channel } = this.connection;
        if (channel) channel.ask(method, { job }).catch(() => undefined);
        else if (method === 'cancel') this.cancelled.add(job);
      },
      onOver: () => this.runs.delete(job),
    });
    this.runs.set(job, run);
    const { channel } = this.connection;
    if (channel) void run.resume(channel);
    else if (this.state.value.kind !== 'connecting') run.fail(notConnected());
    return run;
  }

  async preview({ latents, ...request }: PreviewRequest): Promise<PreviewPicture> {
    const channel = this.connected();
    const codes = { stream: channel.nextStream(), bytes: encodeNpy(latents) };
    const { result, payload } = await channel.ask(
      'preview',
      { ...request, latents: { stream: codes.stream, bytes: codes.bytes.length } },
      [codes],
      ({ pixels }) => [{ stream: pixels.stream, bytes: rasterBytes(pixels) }],
    );
    const { pixels, identity } = result;
    return { pixels: rasterFrom(pixels, payload(pixels.stream)), identity };
  }

  async importModel(
    name: string,
    checkpoint: Uint8Array | { readonly path: string },
    { fileName, onProgress, onStarted }: ImportOptions = {},
  ): Promise<InstalledModel> {
    const channel = this.connected();
    this.imports.set(name, onProgress ?? (() => undefined));
    onStarted?.(() => void channel.ask('cancel-import', { name }).catch(() => undefined));
    try {
      if ('path' in checkpoint) {
        const { path } = checkpoint;
        return (await channel.ask('import-file', { name, path })).result.model;
      }
      const stream = channel.nextStream();
      const { result } = await channel.ask(
        'import-model',
        { name, fileName: fileName ?? null, checkpoint: { stream, bytes: checkpoint.length } },
        [{ stream, bytes: checkpoint }],
      );
      return result.model;
    } finally {
      this.imports.delete(name);
    }
  }

  async place(placing: string, parameters: ParameterValues): Promise<Patch> {
    const delivery = await this.connected().ask('place', { placing, parameters }, [], ({ patch }) =>
      announcedByPatch(patch),
    );
    return unpackPatch(delivery.result.patch, delivery);
  }

  /** A picture file's pixels in its own numbers, and all that it says of itself. @throws PspError */
  async openPicture(name: string, file: Uint8Array): Promise<OpenedPicture> {
    const channel = this.connected();
    const stream = channel.nextStream();
    const params = { name: name.slice(-255), file: { stream, bytes: file.length } };
    const delivery = await channel.ask(
      'open-picture',
      params,
      [{ stream, bytes: file }],
      announcedByPicture,
    );
    return unpackPicture(delivery);
  }

  /** Pixels between sRGB and an RGB profile; at most `limits.regionPixels` at a time. */
  async convertPixels(raster: Raster, icc: Uint8Array, to: 'srgb' | 'profile'): Promise<Raster> {
    const channel = this.connected();
    const { message, payloads } = packRaster(raster, channel);
    const profile = { stream: channel.nextStream(), bytes: icc.length };
    const { result, payload } = await channel.ask(
      'convert-pixels',
      { pixels: message, profile, to },
      [...payloads, { stream: profile.stream, bytes: icc }],
      ({ pixels }) => [{ stream: pixels.stream, bytes: rasterBytes(pixels) }],
    );
    return rasterFrom(result.pixels, payload(result.pixels.stream));
  }

  async removeModel(name: string): Promise<void> {
    await this.connected().ask('remove-model', { name });
  }

  async installPlugIn(
    editor: Params<'install-plug-in'>['editor'],
  ): Promise<Result<'install-plug-in'>> {
    return (await this.connected().ask('install-plug-in', { editor })).result;
  }

  /** A code to pair another host with. */
  async pairingCode(): Promise<{ readonly code: string; readonly expiresInMs: number }> {
    return (await this.connected().ask('pairing-code', {})).result;
  }

  private connected(): BridgeChannel {
    const { channel } = this.connection;
    if (channel && this.state.value.kind === 'ready') return channel;
    throw notConnected();
  }

  private resume(channel: BridgeChannel): void {
    for (const job of this.cancelled) channel.ask('cancel', { job }).catch(() => undefined);
    this.cancelled.clear();
    for (const run of this.runs.values()) void run.resume(channel);
  }

  private giveUp(error: PspError): void {
    for (const run of this.runs.values()) run.fail(error);
  }
}

/** Reading, then one graph after another; the encoder is as large as the rest together. */
const importStages: Readonly<Record<string, readonly [from: number, to: number]>> = {
  verify: [0, 0.2],
  encoder: [0.2, 0.6],
  mapping: [0.6, 0.65],
  decoder: [0.65, 1],
};

function shareOfImport(stage: string, fraction: number): number {
  const [from, to] = importStages[stage] ?? [1, 1];
  return from + (to - from) * fraction;
}

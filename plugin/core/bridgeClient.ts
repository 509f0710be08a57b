import { PspError, toPspError } from '../../protocol/errors';
import type { ServerEvent } from '../../protocol/events';
import type { Face } from '../../protocol/face';
import { protocolVersion } from '../../protocol/limits';
import type { Params } from '../../protocol/methods';
import type { Raster } from '../../protocol/raster';
import type {
  Bridge,
  BridgeRun,
  ConnectionState,
  InstalledModel,
  RunEvents,
  RunRequest,
} from './bridge';
import { BridgeChannel } from './bridgeClientChannel';
import { packRaster } from './bridgeClientMessages';
import { ClientRun } from './bridgeClientRun';
import type { BridgeRuntime, TokenStore } from './bridgeClientRuntime';
import { Observable } from './observable';

export interface BridgeClientOptions {
  /** "ws://localhost:9477/" */
  readonly url: string;
  readonly client: { readonly name: string; readonly version: string };
  readonly tokens: TokenStore;
}

type Proof = Params<'hello'>['proof'];

const retryMs = [250, 500, 1000, 2000, 5000];
/** Jobs wait this long for a connection to come back. */
const patienceMs = 120_000;

/** The reference client: connects, stays connected, and carries jobs over lost connections. */
export class BridgeClient implements Bridge {
  readonly state = new Observable<ConnectionState>({ kind: 'connecting' });
  private readonly instance: string;
  private readonly runs = new Map<string, ClientRun>();
  private channel: BridgeChannel | null = null;
  /** Cancelled while there was no connection. */
  private readonly cancelled = new Set<string>();
  private lastAttempt = 0;
  private failures = 0;
  private stopped = true;
  private stopRetry: () => void = () => undefined;
  private stopPatience: () => void = () => undefined;

  constructor(
    private readonly runtime: BridgeRuntime,
    private readonly options: BridgeClientOptions,
  ) {
    this.instance = runtime.randomName();
  }

  /** Connects, and again whenever the connection is lost. */
  start(): void {
    this.stopped = false;
    void this.connect(null);
  }

  stop(): void {
    this.stopped = true;
    this.stopRetry();
    this.stopPatience();
    this.channel?.close(new PspError('CONNECTION_LOST', 'The connection was closed.'));
  }

  /** Connects with a code that the server shows, and keeps the token it answers with. */
  pair(code: string): void {
    this.channel?.close(new PspError('CONNECTION_LOST', 'Pairing again.'));
    this.stopRetry();
    this.stopped = false;
    this.state.set({ kind: 'connecting' });
    void this.connect({ kind: 'code', code });
  }

  async findFaces(preview: Raster, documentScale = 1): Promise<readonly Face[]> {
    const channel = this.connected();
    const { message, payloads } = packRaster(preview, channel.nextStream());
    const { result } = await channel.ask(
      'find-faces',
      { preview: message, documentScale },
      payloads,
    );
    return result.faces;
  }

  run(request: RunRequest, events: RunEvents): BridgeRun {
    const job = this.runtime.randomName();
    const run = new ClientRun(job, request, events, {
      channel: () => this.channel,
      tell: (method) => {
        if (this.channel) this.channel.ask(method, { job }).catch(() => undefined);
        else if (method === 'cancel') this.cancelled.add(job);
      },
      onOver: () => this.runs.delete(job),
    });
    this.runs.set(job, run);
    if (this.channel) void run.resume(this.channel);
    else if (this.state.value.kind !== 'connecting') run.fail(notConnected());
    return run;
  }

  async importModel(name: string, checkpoint: Uint8Array): Promise<InstalledModel> {
    const channel = this.connected();
    const stream = channel.nextStream();
    const { result } = await channel.ask(
      'import-model',
      { name, checkpoint: { stream, bytes: checkpoint.length } },
      [{ stream, bytes: checkpoint }],
    );
    return result.model;
  }

  async removeModel(name: string): Promise<void> {
    await this.connected().ask('remove-model', { name });
  }

  /** A code to pair another host with. */
  async pairingCode(): Promise<{ readonly code: string; readonly expiresInMs: number }> {
    return (await this.connected().ask('pairing-code', {})).result;
  }

  private connected(): BridgeChannel {
    if (this.channel && this.state.value.kind === 'ready') return this.channel;
    throw notConnected();
  }

  private async connect(proof: Proof | null): Promise<void> {
    const attempt = ++this.lastAttempt;
    const shown = proof ?? (await this.loadProof());
    if (this.stopped || attempt !== this.lastAttempt) return;
    if (!shown) {
      const message = 'Pair with the bridge server first: "psp-layers pair" shows a code.';
      const error = new PspError('NOT_PAIRED', message).toJSON();
      return this.state.set({ kind: 'not-paired', error });
    }
    try {
      const socket = this.runtime.openSocket(this.options.url);
      const channel: BridgeChannel = new BridgeChannel(
        socket,
        this.runtime.timers,
        (event) => this.hear(event),
        (error) => this.onClosed(channel, error),
      );
      socket.onopen = () => void this.greet(channel, shown);
    } catch (error) {
      this.onClosed(null, toPspError(error));
    }
  }

  private async loadProof(): Promise<Proof | null> {
    const token = await this.options.tokens.load();
    return token === null ? null : { kind: 'token', token };
  }

  private async greet(channel: BridgeChannel, proof: Proof): Promise<void> {
    try {
      const { client, tokens } = this.options;
      const { result } = await channel.ask('hello', {
        protocol: protocolVersion,
        client,
        instance: this.instance,
        proof,
      });
      if (result.token !== null) await tokens.save(result.token);
      const capabilities = (await channel.ask('capabilities', {})).result;
      this.failures = 0;
      this.stopPatience();
      this.stopPatience = () => undefined;
      this.channel = channel;
      this.state.set({ kind: 'ready', capabilities });
      for (const job of this.cancelled) channel.ask('cancel', { job }).catch(() => undefined);
      this.cancelled.clear();
      for (const run of this.runs.values()) void run.resume(channel);
    } catch (error) {
      channel.close(toPspError(error));
    }
  }

  private hear(event: ServerEvent): void {
    if (event.event === 'models-changed') return void this.refresh();
    if (event.event === 'goodbye') return;
    this.runs.get(event.params.job)?.hear(event);
  }

  private async refresh(): Promise<void> {
    const channel = this.channel;
    const answer = await channel?.ask('capabilities', {}).catch(() => null);
    if (answer && channel === this.channel) {
      this.state.set({ kind: 'ready', capabilities: answer.result });
    }
  }

  private onClosed(channel: BridgeChannel | null, error: PspError): void {
    if (this.channel === channel) this.channel = null;
    if (this.stopped) {
      for (const run of this.runs.values()) run.fail(error);
      return;
    }
    if (error.code === 'NOT_PAIRED') {
      for (const run of this.runs.values()) run.fail(error);
      return this.state.set({ kind: 'not-paired', error: error.toJSON() });
    }
    this.state.set(
      error.code === 'WRONG_VERSION'
        ? { kind: 'wrong-version', error: error.toJSON() }
        : { kind: 'not-running' },
    );
    if (this.failures === 0) this.beginPatience();
    const delay = retryMs[Math.min(this.failures++, retryMs.length - 1)]!;
    this.stopRetry = this.runtime.timers.after(delay, () => void this.connect(null));
  }

  private beginPatience(): void {
    this.stopPatience();
    this.stopPatience = this.runtime.timers.after(patienceMs, () => {
      for (const run of this.runs.values()) run.fail(notConnected());
    });
  }
}

const notConnected = (): PspError =>
  new PspError(
    'CONNECTION_LOST',
    'The bridge server is not running. Start it with "psp-layers serve" and run it again.',
    { retryable: true },
  );

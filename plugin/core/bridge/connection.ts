import { PspError, toPspError } from '../../../protocol/errors';
import type { EventParams, ServerEvent } from '../../../protocol/events';
import { protocolVersion } from '../../../protocol/limits';
import type { Params } from '../../../protocol/methods';
import { openToken, proofOf, stretched } from '../../../protocol/proof';
import type { ConnectionState } from './bridge';
import { BridgeChannel } from './channel';
import type { BridgeRuntime, TokenStore } from './runtime';
import { Observable } from '../observable';

export interface BridgeClientOptions {
  /** "ws://localhost:9477/" */
  readonly url: string;
  /** Other ways to the same server, tried in turn where a host may refuse the first. */
  readonly otherUrls?: readonly string[];
  readonly client: { readonly name: string; readonly version: string };
  readonly tokens: TokenStore;
  /** Opaque pixels travel without their alpha, masks as runs and layers without what is hidden, where the bridge can. */
  readonly compact?: boolean;
}

/** An event that belongs to one job. */
export type JobEvent = Extract<ServerEvent, { readonly params: { readonly job: string } }>;

/** What becomes of the jobs when the connection comes and goes. */
export interface ConnectionEvents {
  /** Anew after every loss. */
  onReady(channel: BridgeChannel): void;
  onJobEvent(event: JobEvent): void;
  onImporting(progress: EventParams<'importing'>): void;
  /** Nothing is to be waited for any longer. */
  onGivenUp(error: PspError): void;
}

/** What this side knows, and by which name the other side knows it. */
interface Secret {
  readonly by: Params<'hello'>['by'];
  readonly text: string;
}

/** Another connection of this host has taken over: coming back would put that one out. */
const replacedCode = 4409;
const retryMs = [250, 500, 1000, 2000, 5000];
/** Jobs wait this long for a connection to come back. */
const patienceMs = 120_000;

/** The way to the bridge server: proves who we are, and connects again whenever it is lost. */
export class BridgeConnection {
  readonly state = new Observable<ConnectionState>({ kind: 'connecting' });
  /** The way that is tried, or that led there. */
  readonly url: Observable<string>;
  private readonly instance: string;
  /** What is being opened or is open. */
  private attempted: BridgeChannel | null = null;
  private current: BridgeChannel | null = null;
  private lastAttempt = 0;
  private failures = 0;
  private stopped = true;
  private stopRetry: () => void = () => undefined;
  private stopPatience: () => void = () => undefined;

  constructor(
    private readonly runtime: BridgeRuntime,
    private readonly options: BridgeClientOptions,
    private readonly events: ConnectionEvents,
  ) {
    this.instance = runtime.randomName();
    this.url = new Observable(options.url);
  }

  /** What is open and greeted now. */
  get channel(): BridgeChannel | null {
    return this.current;
  }

  /** Connects now unless that is so already, and again whenever the connection is lost. */
  start(): void {
    this.stopped = false;
    if (!this.current) void this.connect(null);
  }

  stop(): void {
    this.stopped = true;
    this.stopRetry();
    this.stopPatience();
    this.current?.close(new PspError('CONNECTION_LOST', 'The connection was closed.'));
  }

  /** Connects with a code that the server shows, and keeps the token it answers with. */
  pair(code: string, by: 'code' | 'page' = 'code'): void {
    this.stopped = false;
    this.state.set({ kind: 'connecting' });
    void this.connect({ by, text: by === 'code' ? stretched(code) : code });
  }

  private async connect(given: Secret | null): Promise<void> {
    const attempt = ++this.lastAttempt;
    this.stopRetry();
    // One connection at a time: two of one instance would put each other out for ever.
    const earlier = this.attempted;
    this.attempted = this.current = null;
    earlier?.close(new PspError('CONNECTION_LOST', 'Connecting again.'));
    const secret = given ?? (await this.loadToken());
    if (this.stopped || attempt !== this.lastAttempt) return;
    if (!secret) {
      const message = 'Pair with the bridge server first: "psp-layers pair" shows a code.';
      const error = new PspError('NOT_PAIRED', message).toJSON();
      return this.state.set({ kind: 'not-paired', error });
    }
    const ways = [this.options.url, ...(this.options.otherUrls ?? [])];
    const url = ways[this.failures % ways.length]!;
    this.url.set(url);
    try {
      const socket = this.runtime.openSocket(url);
      const channel: BridgeChannel = new BridgeChannel(
        socket,
        this.runtime.timers,
        (event) => this.onMessage(event),
        (error, closeCode) => this.onClosed(channel, error, closeCode),
      );
      this.attempted = channel;
      socket.onopen = () => void this.greet(channel, secret);
    } catch (error) {
      this.onClosed(null, toPspError(error), null);
    }
  }

  private async loadToken(): Promise<Secret | null> {
    const text = await this.options.tokens.load();
    return text === null ? null : { by: 'token', text };
  }

  private async greet(channel: BridgeChannel, { by, text: secret }: Secret): Promise<void> {
    try {
      const { client, tokens, compact } = this.options;
      const { instance } = this;
      const nonce = this.runtime.randomName();
      const params = { protocol: protocolVersion, client, instance, nonce, by };
      const hello = (await channel.ask('hello', params)).result;
      const greeting = {
        port: portOf(this.url.value),
        instance,
        clientNonce: nonce,
        serverNonce: hello.nonce,
      };
      // Whoever holds the port learns no more unless it knows the secret too.
      if (hello.proof !== proofOf(secret, 'server', greeting)) throw stranger(by);
      const mine = { proof: proofOf(secret, 'client', greeting), compact, sparse: compact };
      const { token, compact: isCompact } = (await channel.ask('prove', mine)).result;
      channel.isCompact = isCompact ?? false;
      if (token !== null) await tokens.save(openToken(token, secret, greeting));
      const capabilities = (await channel.ask('capabilities', {})).result;
      this.failures = 0;
      this.stopPatience();
      this.stopPatience = () => undefined;
      this.current = channel;
      this.state.set({ kind: 'ready', capabilities });
      this.events.onReady(channel);
    } catch (error) {
      channel.close(toPspError(error));
    }
  }

  private onMessage(event: ServerEvent): void {
    if (event.event === 'models-changed') void this.refresh();
    else if (event.event === 'importing') this.events.onImporting(event.params);
    else if (event.event !== 'goodbye') this.events.onJobEvent(event);
  }

  private async refresh(): Promise<void> {
    const channel = this.current;
    const answer = await channel?.ask('capabilities', {}).catch(() => null);
    if (answer && channel === this.current) {
      this.state.set({ kind: 'ready', capabilities: answer.result });
    }
  }

  private onClosed(channel: BridgeChannel | null, error: PspError, closeCode: number | null): void {
    // One that was given up for a newer attempt.
    if (channel !== null && channel !== this.attempted) return;
    this.attempted = this.current = null;
    if (this.stopped) return this.events.onGivenUp(error);
    if (closeCode === replacedCode) {
      this.events.onGivenUp(error);
      return this.state.set({ kind: 'replaced', error: error.toJSON() });
    }
    if (error.code === 'NOT_PAIRED') {
      this.events.onGivenUp(error);
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
    this.stopPatience = this.runtime.timers.after(patienceMs, () =>
      this.events.onGivenUp(notConnected()),
    );
  }
}

/** Of "ws://localhost:9477/"; 80 where none is said. */
const portOf = (url: string): number => Number(/^ws:\/\/[^/]*:(\d+)/.exec(url)?.[1] ?? 80);

function stranger(by: Secret['by']): PspError {
  const message =
    by === 'token'
      ? 'The program on this port could not prove to be the bridge server that this host was paired with. Pair again: "psp-layers pair" shows a code.'
      : 'The code is wrong, was used already or is older than five minutes. "psp-layers pair" shows a new one.';
  return new PspError('NOT_PAIRED', message);
}

export const notConnected = (): PspError =>
  new PspError(
    'CONNECTION_LOST',
    'The bridge server is not running. Start it with "psp-layers serve" and run it again.',
    { retryable: true },
  );

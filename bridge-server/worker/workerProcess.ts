import { fork, type ChildProcess } from 'node:child_process';
import { PspError } from '../../protocol/errors';
import type { ProviderReport } from '../../protocol/model';
import type { StreamOptions } from '../processor/processor';
import { causeOfDeath, type Death } from './causeOfDeath';
import type { Call, FromWorker, ToWorker } from './messages';

/** What a call says before its answer. */
export type Reports = Pick<StreamOptions, 'onProgress' | 'onGlimpse' | 'onPatch'>;

interface Pending extends Reports {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: PspError) => void;
}

const lastWordsLength = 4096;

/** One life of the inference process: calls in, answers out, and one cause when it ends. */
export class WorkerProcess {
  /** Resolves with what runs the networks; rejects when the process cannot be made to work. */
  readonly ready: Promise<ProviderReport>;
  private readonly child: ChildProcess;
  private ended!: Promise<void>;
  private readonly pending = new Map<number, Pending>();
  private lastWords = '';
  /** Why it ends, where that is known better than by how it ended. */
  private reason: PspError | null = null;
  private silence: NodeJS.Timeout | undefined;
  private isReady = false;
  private dead: PspError | null = null;

  /** @param entry a module that calls `hostProcessor` */
  constructor(
    entry: string,
    private readonly silenceMs: number,
    onDeath: (cause: PspError) => void,
  ) {
    this.child = fork(entry, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-lastWordsLength);
    });
    this.watch();
    this.ready = new Promise((resolve, reject) => {
      this.child.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') {
          this.isReady = true;
          resolve(message.report);
        } else this.onMessage(message);
        this.watch();
      });
      this.ended = this.waitForEnd().then((death) => {
        clearTimeout(this.silence);
        this.dead = this.reason ?? causeOfDeath(death);
        for (const call of this.pending.values()) call.reject(this.dead);
        this.pending.clear();
        reject(this.dead);
        onDeath(this.dead);
      });
    });
    this.ready.catch(() => undefined);
  }

  call(call: Call, reports: Reports, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.dead) return reject(this.dead);
      const cancel = (): void => this.tell({ kind: 'cancel', id: call.id });
      const settle = <T>(end: (value: T) => void) => {
        return (value: T): void => {
          signal?.removeEventListener('abort', cancel);
          end(value);
        };
      };
      signal?.addEventListener('abort', cancel);
      this.pending.set(call.id, { resolve: settle(resolve), reject: settle(reject), ...reports });
      this.tell(call);
      this.watch();
    });
  }

  get isDead(): boolean {
    return this.dead !== null;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** @param reason what its calls fail with */
  kill(reason: PspError): void {
    this.reason ??= reason;
    this.child.kill('SIGKILL');
  }

  /** Lets go of the process, which then ends by itself. */
  close(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    return this.ended;
  }

  /** Both, because stderr may still hold the reason; `close` never comes after our own disconnect. */
  private async waitForEnd(): Promise<Death> {
    const { child } = this;
    const [death] = await Promise.all([
      new Promise<Omit<Death, 'lastWords'>>((resolve) => {
        child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
        // The process could not even be started.
        child.once('error', () => child.pid ?? resolve({ exitCode: null, signal: null }));
      }),
      new Promise<void>((resolve) => child.stderr?.once('close', () => resolve())),
    ]);
    return { ...death, lastWords: this.lastWords };
  }

  /** Waits anew from now on, and not at all while nothing is owed. */
  private watch(): void {
    clearTimeout(this.silence);
    if (this.dead || (this.isReady && this.pending.size === 0)) return;
    this.silence = setTimeout(() => this.kill(tooSilent(this.silenceMs)), this.silenceMs);
  }

  private tell(message: ToWorker): void {
    // A process that is just dying cannot be told; its 'close' answers for it.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private onMessage(message: Exclude<FromWorker, { kind: 'ready' }>): void {
    if (message.kind === 'unable') {
      this.reason = PspError.from(message.error);
      return;
    }
    const call = this.pending.get(message.id);
    if (!call) return;
    if (message.kind === 'progress') return call.onProgress(message.progress);
    if (message.kind === 'glimpse') return call.onGlimpse?.(message.picture);
    if (message.kind === 'patch') return call.onPatch(message.patch);
    this.pending.delete(message.id);
    if (message.kind === 'value') call.resolve(message.value);
    else call.reject(PspError.from(message.error));
  }
}

const tooSilent = (milliseconds: number): PspError =>
  new PspError(
    'INFERENCE_FAILED',
    `The inference process gave no sign of life for ${Math.round(milliseconds / 1000)} seconds and has been started again. Choose a smaller layer or fewer variants; "psp-layers doctor" says what runs the networks.`,
  );

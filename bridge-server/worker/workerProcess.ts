import { fork, type ChildProcess } from 'node:child_process';
import { PspError } from '../../protocol/errors';
import type { ProviderReport } from '../../protocol/model';
import type { StreamOptions } from '../operations/processor';
import { causeOfDeath, type Death } from './causeOfDeath';
import type { Call, FromWorker, ToWorker } from './messages';

/** What a call says before its answer. */
export type Reports = Pick<StreamOptions, 'onProgress' | 'onPatch'>;

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
  private unable: PspError | null = null;
  private dead: PspError | null = null;

  /** @param entry a module that calls `hostProcessor` */
  constructor(entry: string, onDeath: (cause: PspError) => void) {
    this.child = fork(entry, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-lastWordsLength);
    });
    this.ready = new Promise((resolve, reject) => {
      this.child.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve(message.report);
        else this.hear(message);
      });
      this.ended = this.waitForEnd().then((death) => {
        this.dead = this.unable ?? causeOfDeath(death);
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
    });
  }

  get isDead(): boolean {
    return this.dead !== null;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  kill(): void {
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

  private tell(message: ToWorker): void {
    // A process that is just dying cannot be told; its 'close' answers for it.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private hear(message: Exclude<FromWorker, { kind: 'ready' }>): void {
    if (message.kind === 'unable') {
      this.unable = PspError.from(message.error);
      return;
    }
    const call = this.pending.get(message.id);
    if (!call) return;
    if (message.kind === 'progress') return call.onProgress(message.progress);
    if (message.kind === 'patch') return call.onPatch(message.patch);
    this.pending.delete(message.id);
    if (message.kind === 'value') call.resolve(message.value);
    else call.reject(PspError.from(message.error));
  }
}

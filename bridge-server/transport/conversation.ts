import { PspError, toPspError, type ErrorShape } from '../../protocol/errors';
import { decodeMethod, decodeRequest, type Request } from '../../protocol/envelope';
import type { ServerEvent } from '../../protocol/events';
import { methods, type Method, type Params } from '../../protocol/methods';
import { PayloadReceiver } from './payloadReceiver';
import { FrameSender } from './frameSender';
import type { Greeted, Opening, Peer, Reply, Service } from './service';
import { closeCodes, type PeerSocket, type SocketListener } from './peerSocket';

export interface Timeouts {
  readonly helloMs: number;
  readonly payloadMs: number;
  readonly silenceMs: number;
}

/** What the conversation tells the server that holds it. */
export interface ConversationEvents {
  onGreeted(peer: Peer): void;
  onClosed(peer: Peer | null): void;
  /** Only what no handler foresaw. */
  onUnexpected(method: Method, error: PspError): void;
}

/** Requests of one client that wait for their answers; a well-behaved host has a handful. */
const maxOpenRequests = 256;

/** One connection from its hello to its end: checks frames, answers requests, sends events. */
export class Conversation implements SocketListener {
  private readonly payloads: PayloadReceiver;
  private readonly sender: FrameSender;
  private readonly gone = new AbortController();
  private readonly helloTimer: NodeJS.Timeout;
  private readonly pulse: NodeJS.Timeout;
  /** Has been answered, and has to prove itself next. */
  private greeted: Greeted | null = null;
  private peer: Peer | null = null;
  private openRequests = 0;
  /** Payloads that may wait for a peer that reads more slowly than it asks. */
  private maxUnsentBytes = 0;
  private lastStream = 0;
  private lastSignAt = performance.now();

  constructor(
    private readonly socket: PeerSocket,
    private readonly service: Service,
    private readonly timeouts: Timeouts,
    private readonly listener: ConversationEvents,
  ) {
    const { helloMs, payloadMs, silenceMs } = timeouts;
    const late = (what: string, ms: number): PspError =>
      new PspError('BAD_MESSAGE', `${what} within ${ms / 1000} seconds. Connect again.`);
    this.payloads = new PayloadReceiver(socket, payloadMs, () =>
      this.end(late('No data came', payloadMs)),
    );
    this.sender = new FrameSender(socket, () => this.noteSign());
    this.helloTimer = setTimeout(() => this.end(late('No proof came', helloMs)), helloMs);
    this.pulse = setInterval(() => this.checkPulse(), silenceMs / 3);
  }

  onText(frame: string): void {
    if (this.gone.signal.aborted) return;
    this.noteSign();
    try {
      const request = decodeRequest(frame);
      if (this.peer) void this.answer(request, this.peer);
      else this.greet(request);
    } catch (error) {
      this.end(toPspError(error));
    }
  }

  onBinary(frame: Uint8Array): void {
    if (this.gone.signal.aborted) return;
    this.noteSign();
    try {
      if (!this.peer) throw new PspError('NOT_PAIRED', 'The first message must be hello.');
      this.payloads.accept(frame);
    } catch (error) {
      this.end(toPspError(error));
    }
  }

  onPong(mark: string): void {
    this.noteSign();
    this.sender.onPong(mark);
  }

  onClosed(): void {
    if (this.gone.signal.aborted) return;
    const lost = new PspError('CONNECTION_LOST', 'The connection was lost. Connect again.', {
      retryable: true,
    });
    this.gone.abort(lost);
    clearTimeout(this.helloTimer);
    clearInterval(this.pulse);
    this.payloads.close(lost);
    this.sender.close();
    this.listener.onClosed(this.peer);
  }

  notify(event: ServerEvent): void {
    this.sender.sendText(event);
  }

  /** Says why and closes. */
  end(error: PspError, code: number = closeCodes.breach): void {
    this.notify({ event: 'goodbye', params: { error: shapeOf(error) } });
    this.socket.close(code, error.code);
    this.onClosed();
  }

  private greet({ id, method, params }: Request): void {
    try {
      const due = this.greeted ? 'prove' : 'hello';
      if (method !== due) {
        throw new PspError('NOT_PAIRED', `The next message must be ${due}, not ${method}.`);
      }
      if (!this.greeted) {
        this.greeted = this.service.greet(params);
        return this.sender.sendText({ id, result: this.greeted.result });
      }
      const { instance, prove } = this.greeted;
      const proved = methods.prove.params(params, 'prove');
      const result = prove(proved);
      clearTimeout(this.helloTimer);
      this.maxUnsentBytes = result.limits.resultBytes;
      this.peer = {
        instance,
        payloads: this.payloads,
        isCompact: result.compact ?? false,
        isSparse: proved.sparse ?? false,
        nextStream: () => ++this.lastStream,
        closed: this.gone.signal,
      };
      this.socket.trust();
      this.listener.onGreeted(this.peer);
      this.sender.sendText({ id, result });
      this.service.arrived(instance);
    } catch (thrown) {
      const error = toPspError(thrown);
      this.sender.sendText({ id, error: shapeOf(error) });
      this.end(error, error.code === 'NOT_PAIRED' ? closeCodes.notPaired : closeCodes.breach);
    }
  }

  private async answer({ id, method: name, params }: Request, peer: Peer): Promise<void> {
    this.openRequests++;
    try {
      if (this.openRequests > maxOpenRequests) {
        throw new PspError('BUSY', `${maxOpenRequests} requests wait already. Wait for answers.`, {
          retryable: true,
        });
      }
      const method = decodeMethod(name);
      if (method === 'hello' || method === 'prove') {
        throw new PspError('BAD_MESSAGE', `${method} has been said already.`);
      }
      const reply = await this.handle(method, params, peer);
      const { result, payloads = [], onReceived } = reply;
      if (payloads.length > 0 && this.sender.unsentBytes > this.maxUnsentBytes) {
        throw new PspError('BUSY', 'Earlier answers have not been read yet. Read them first.', {
          retryable: true,
        });
      }
      this.sender.sendText({ id, result });
      if (payloads.length > 0) this.sender.sendPayloads(payloads, onReceived ?? (() => undefined));
    } catch (thrown) {
      const error = toPspError(thrown);
      if (error.code === 'INTERNAL') this.listener.onUnexpected(name as Method, error);
      this.sender.sendText({ id, error: shapeOf(error) });
    } finally {
      this.openRequests--;
    }
  }

  private handle<M extends Exclude<Method, Opening>>(
    method: M,
    params: unknown,
    peer: Peer,
  ): Promise<Reply<M>> {
    const decode = methods[method].params as (value: unknown, path: string) => Params<M>;
    return this.service.handlers[method](decode(params, method), peer);
  }

  private noteSign(): void {
    this.lastSignAt = performance.now();
  }

  private checkPulse(): void {
    if (performance.now() - this.lastSignAt > this.timeouts.silenceMs) {
      this.socket.terminate();
      this.onClosed();
    } else {
      this.socket.ping('');
    }
  }
}

/** Messages of ours are short; those of libraries may not be. */
function shapeOf(error: PspError): ErrorShape {
  return { ...error.toJSON(), message: error.message.slice(0, 2000) };
}

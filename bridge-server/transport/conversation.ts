import { PspError, toPspError, type ErrorShape } from '../../protocol/errors';
import { decodeMethod, decodeRequest, type Request } from '../../protocol/envelope';
import type { ServerEvent } from '../../protocol/events';
import { methods, type Method, type Params } from '../../protocol/methods';
import { Inbox } from './inbox';
import { Outbox } from './outbox';
import type { Greeted, Opening, Peer, Reply, Service } from './service';
import { closeCodes, type Wire, type WireListener } from './wire';

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
export class Conversation implements WireListener {
  private readonly inbox: Inbox;
  private readonly outbox: Outbox;
  private readonly gone = new AbortController();
  private readonly helloTimer: NodeJS.Timeout;
  private readonly pulse: NodeJS.Timeout;
  /** Has been answered, and has to prove itself next. */
  private greeted: Greeted | null = null;
  private peer: Peer | null = null;
  private openRequests = 0;
  private lastStream = 0;
  private heardAt = performance.now();

  constructor(
    private readonly wire: Wire,
    private readonly service: Service,
    private readonly timeouts: Timeouts,
    private readonly listener: ConversationEvents,
  ) {
    const { helloMs, payloadMs, silenceMs } = timeouts;
    const late = (what: string, ms: number): PspError =>
      new PspError('BAD_MESSAGE', `${what} within ${ms / 1000} seconds. Connect again.`);
    this.inbox = new Inbox(wire, payloadMs, () => this.end(late('No data came', payloadMs)));
    this.outbox = new Outbox(wire, () => this.hear());
    this.helloTimer = setTimeout(() => this.end(late('No proof came', helloMs)), helloMs);
    this.pulse = setInterval(() => this.checkPulse(), silenceMs / 3);
  }

  onText(frame: string): void {
    if (this.gone.signal.aborted) return;
    this.hear();
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
    this.hear();
    try {
      if (!this.peer) throw new PspError('NOT_PAIRED', 'The first message must be hello.');
      this.inbox.accept(frame);
    } catch (error) {
      this.end(toPspError(error));
    }
  }

  onPong(mark: string): void {
    this.hear();
    this.outbox.onPong(mark);
  }

  onClosed(): void {
    if (this.gone.signal.aborted) return;
    const lost = new PspError('CONNECTION_LOST', 'The connection was lost. Connect again.', {
      retryable: true,
    });
    this.gone.abort(lost);
    clearTimeout(this.helloTimer);
    clearInterval(this.pulse);
    this.inbox.close(lost);
    this.outbox.close();
    this.listener.onClosed(this.peer);
  }

  notify(event: ServerEvent): void {
    this.outbox.sendText(event);
  }

  /** Says why and closes. */
  end(error: PspError, code: number = closeCodes.breach): void {
    this.notify({ event: 'goodbye', params: { error: shapeOf(error) } });
    this.wire.close(code, error.code);
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
        return this.outbox.sendText({ id, result: this.greeted.result });
      }
      const { instance, prove } = this.greeted;
      const result = prove(methods.prove.params(params, 'prove'));
      clearTimeout(this.helloTimer);
      this.peer = {
        instance,
        inbox: this.inbox,
        nextStream: () => ++this.lastStream,
        closed: this.gone.signal,
      };
      this.wire.trust();
      this.listener.onGreeted(this.peer);
      this.outbox.sendText({ id, result });
      this.service.arrived(instance);
    } catch (thrown) {
      const error = toPspError(thrown);
      this.outbox.sendText({ id, error: shapeOf(error) });
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
      this.outbox.sendText({ id, result });
      if (payloads.length > 0) this.outbox.sendPayloads(payloads, onReceived ?? (() => undefined));
    } catch (thrown) {
      const error = toPspError(thrown);
      if (error.code === 'INTERNAL') this.listener.onUnexpected(name as Method, error);
      this.outbox.sendText({ id, error: shapeOf(error) });
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

  private hear(): void {
    this.heardAt = performance.now();
  }

  private checkPulse(): void {
    if (performance.now() - this.heardAt > this.timeouts.silenceMs) {
      this.wire.terminate();
      this.onClosed();
    } else {
      this.wire.ping('');
    }
  }
}

/** Messages of ours are short; those of libraries may not be. */
function shapeOf(error: PspError): ErrorShape {
  return { ...error.toJSON(), message: error.message.slice(0, 2000) };
}

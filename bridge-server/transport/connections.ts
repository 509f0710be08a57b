import { PspError } from '../../protocol/errors';
import type { ServerEvent } from '../../protocol/events';
import type { Method } from '../../protocol/methods';
import { Conversation, type Timeouts } from './conversation';
import type { Peer, Service } from './service';
import { closeCodes, type PeerSocket } from './peerSocket';

export interface ConnectionLog {
  onGreeted(connection: number): void;
  onClosed(connection: number): void;
  onUnexpected(connection: number, method: Method, error: PspError): void;
}

/** Every open connection, and for each client instance the one that speaks for it now. */
export class Connections {
  private readonly all = new Set<Conversation>();
  private readonly greeted = new Set<Conversation>();
  private readonly speakers = new Map<string, Conversation>();
  private lastNumber = 0;

  constructor(
    private readonly service: Service,
    private readonly timeouts: Timeouts,
    private readonly log: ConnectionLog,
  ) {}

  /** Those that have said hello. */
  get count(): number {
    return this.greeted.size;
  }

  add(socket: PeerSocket): Conversation {
    const number = ++this.lastNumber;
    const conversation = new Conversation(socket, this.service, this.timeouts, {
      onGreeted: (peer) => {
        this.log.onGreeted(number);
        this.greeted.add(conversation);
        this.replace(peer, conversation);
      },
      onClosed: (peer) => {
        this.all.delete(conversation);
        this.greeted.delete(conversation);
        if (peer && this.speakers.get(peer.instance) === conversation) {
          this.speakers.delete(peer.instance);
        }
        this.log.onClosed(number);
      },
      onUnexpected: (method, error) => this.log.onUnexpected(number, method, error),
    });
    this.all.add(conversation);
    return conversation;
  }

  /** To the client's present connection; a client that is away asks for `status` when it is back. */
  notify(instance: string, event: ServerEvent): void {
    this.speakers.get(instance)?.notify(event);
  }

  notifyAll(event: ServerEvent): void {
    for (const conversation of this.speakers.values()) conversation.notify(event);
  }

  endAll(error: PspError): void {
    for (const conversation of [...this.all]) conversation.end(error, closeCodes.goingAway);
  }

  private replace(peer: Peer, conversation: Conversation): void {
    const previous = this.speakers.get(peer.instance);
    this.speakers.set(peer.instance, conversation);
    const taken = 'A newer connection of this host has taken over.';
    previous?.end(new PspError('CONNECTION_LOST', taken), closeCodes.replaced);
  }
}

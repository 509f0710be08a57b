/** The part of a socket that is needed here. */
interface Closable {
  destroy(): void;
}

/**
 * Sockets whose peers have proved nothing yet. Anybody on this machine, any web page included, can open
 * them: there is room for some, and the oldest makes way for the newest, so that nobody can fill the door.
 */
export class Strangers<S extends Closable> {
  private readonly sockets = new Set<S>();

  constructor(private readonly most: number) {}

  add(socket: S): void {
    this.sockets.add(socket);
    for (const oldest of this.sockets) {
      if (this.sockets.size <= this.most) return;
      this.sockets.delete(oldest);
      oldest.destroy();
    }
  }

  /** It has closed, or its peer is known now. */
  delete(socket: S): void {
    this.sockets.delete(socket);
  }
}

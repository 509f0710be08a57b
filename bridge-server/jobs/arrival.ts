/** Localhost carries hundreds of megabytes a second; a peer that is slower than this has stopped. */
const minBytesPerMs = 1000;
/** For the first bytes, and for a pause of the peer's. */
const patienceMs = 2000;

export const stalledMessage =
  'The rest of the data did not come, and others waited for its place. Send it again.';

/** How well announced bytes keep coming: what was reserved for them is not kept for who stops. */
export class Arrival {
  private readonly startedAt: number;
  private bytes = 0;

  constructor(private readonly now = (): number => performance.now()) {
    this.startedAt = now();
  }

  add(bytes: number): void {
    this.bytes += bytes;
  }

  isStalled(): boolean {
    return this.now() - this.startedAt > patienceMs + this.bytes / minBytesPerMs;
  }
}

import type { Timers } from '../../plugin/core/timers';

/** A clock that a test turns by hand. */
export class ManualTimers implements Timers {
  private time = 0;
  private waiting: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const entry = { at: this.time + milliseconds, callback };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.waiting.filter((entry) => entry.at <= this.time);
    this.waiting = this.waiting.filter((entry) => entry.at > this.time);
    for (const { callback } of due) callback();
  }
}

/** Lets everything that is already resolved run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the core needs of a runtime's clock, handed in so that tests can turn it by hand. */
export interface Timers {
  now(): number;
  /** Calls back once; returns the way to stop it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** A map that forgets what was not used for longest once its values outgrow a bound. */
export interface RecentlyUsed<V> {
  /** Counts as use. */
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/** @param bytesOf the size of a value; one that is larger than `maxBytes` by itself is not kept */
export function createRecentlyUsed<V>(
  maxBytes: number,
  bytesOf: (value: V) => number,
): RecentlyUsed<V> {
  // In the order of use: the first entry is the least recently used.
  const entries = new Map<string, V>();
  let bytes = 0;
  const drop = (key: string): void => {
    const held = entries.get(key);
    if (held === undefined) return;
    entries.delete(key);
    bytes -= bytesOf(held);
  };
  return {
    get(key) {
      const found = entries.get(key);
      if (found !== undefined) {
        entries.delete(key);
        entries.set(key, found);
      }
      return found;
    },
    set(key, value) {
      drop(key);
      entries.set(key, value);
      bytes += bytesOf(value);
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}

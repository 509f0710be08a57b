import type { Peer } from '../transport/service';

/**
 * Receives payloads for as long as `work` lasts: when it fails, what was still to come is dropped, and
 * the peer, which has its answer, need not send it.
 */
export async function receiving<T>(
  peer: Peer,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const failed = new AbortController();
  try {
    return await work(AbortSignal.any([signal, peer.closed, failed.signal]));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

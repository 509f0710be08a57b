import { priorities, type Priority } from '../../protocol/job';

export interface Waiting {
  readonly client: string;
  readonly priority: Priority;
  /** Counted up in the order of arrival. */
  readonly arrival: number;
}

/**
 * The order in which waiting jobs will run: interactive before batch; within each, clients take turns,
 * the one served longest ago first; within a client, first come first served.
 */
export function orderQueue<W extends Waiting>(
  waiting: readonly W[],
  /** When each client's turn was last; a client that is missing never had one. */
  lastTurns: ReadonlyMap<string, number>,
): readonly W[] {
  const arrivals = [...waiting].sort((a, b) => a.arrival - b.arrival);
  const turns = priorities.flatMap((priority) => {
    const nextRound = new Map<string, number>();
    return arrivals
      .filter((job) => job.priority === priority)
      .map((job) => {
        const round = nextRound.get(job.client) ?? 0;
        nextRound.set(job.client, round + 1);
        return { job, round, lastTurn: lastTurns.get(job.client) ?? 0 };
      })
      .sort(
        (a, b) => a.round - b.round || a.lastTurn - b.lastTurn || a.job.arrival - b.job.arrival,
      );
  });
  return turns.map((turn) => turn.job);
}

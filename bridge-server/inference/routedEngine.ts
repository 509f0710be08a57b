import type { Engine } from './engine';
import type { Graph } from './graph';

/** An engine of two: what `isLocal` says of stays on this machine, all else goes to `remote`. */
export function createRoutedEngine(
  local: Engine,
  remote: Engine,
  isLocal: (graph: Graph) => boolean,
): Engine {
  return {
    report: remote.report,
    run: (graph, inputs, signal) => (isLocal(graph) ? local : remote).run(graph, inputs, signal),
    release: async () => void (await Promise.all([local.release(), remote.release()])),
    close: async () => void (await Promise.all([local.close(), remote.close()])),
  };
}

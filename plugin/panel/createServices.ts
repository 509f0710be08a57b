import type { FaceChoice } from '../../protocol/face';
import { BatchQueue } from '../core/batchQueue';
import type { BridgeClient } from '../core/bridge/bridgeClient';
import { whenReady } from '../core/bridge/whenReady';
import { FaceSearch } from '../core/faceSearch';
import { JobController } from '../core/jobController';
import { Observable } from '../core/observable';
import { Results } from '../core/results';
import type { Timers } from '../core/timers';
import type { PanelServices } from './services';

/** What a host brings along. */
export interface HostParts extends Pick<
  PanelServices,
  'host' | 'settings' | 'history' | 'platform'
> {
  readonly bridge: BridgeClient;
  readonly timers: Timers;
}

/** What every panel works with, made of what its host brings; nothing is searched or connected yet. */
export function createServices(parts: HostParts): PanelServices {
  const { host, bridge, settings, timers, history, platform } = parts;
  const connection = bridge.state;
  const faces = new FaceSearch(host, bridge, connection, timers);
  const jobs = new JobController(host, bridge, () => faces.known());
  return {
    host,
    bridge,
    connection,
    settings,
    jobs,
    results: new Results(host, jobs, timers),
    faces,
    faceChoice: new Observable<FaceChoice>(settings.value.faces),
    batch: new BatchQueue(jobs, () => whenReady(connection)),
    unfolded: new Observable<string | null>(null),
    history,
    platform,
    address: bridge.url,
    retryConnection: () => bridge.start(),
    pair: (code) => bridge.pair(code),
  };
}

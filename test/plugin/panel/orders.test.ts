import { defaultSettings, type Settings } from '../../../plugin/core/settings';
import { modelFor, orderFor } from '../../../plugin/panel/orders';
import { Observable } from '../../../plugin/core/observable';
import type { Capabilities, ConnectionState } from '../../../plugin/core/bridge/bridge';
import { frontalize, starter } from '../../support/fakeBridge';

/** As the bridge lists them: an imported model stands before the embedded one. */
function withModels(...names: string[]): Capabilities {
  const models = names.map((name) => ({ ...starter, name }));
  return {
    operations: [frontalize],
    models,
    provider: { provider: '', device: '', passedOver: [] },
  };
}

const choosing = (name: string): Settings => ({
  ...defaultSettings,
  models: { [frontalize.id]: name },
});

test('a click uses the best model, or the one that was chosen while it is installed', () => {
  const both = withModels('imported', 'starter');
  const used = (capabilities: Capabilities, settings: Settings) =>
    modelFor(capabilities, settings, frontalize)?.name;
  expect(used(both, defaultSettings)).toBe('imported');
  expect(used(both, choosing('starter'))).toBe('starter');
  expect(used(both, choosing('removed'))).toBe('imported');
  expect(used(withModels(), defaultSettings)).toBeUndefined();
});

test('an order names the model that the row shows', () => {
  const capabilities = withModels('imported', 'starter');
  const services = {
    settings: new Observable(defaultSettings),
    connection: new Observable<ConnectionState>({ kind: 'ready', capabilities } as ConnectionState),
    faceChoice: new Observable('all' as const),
  };
  expect(orderFor(services as Parameters<typeof orderFor>[0], frontalize).model).toBe('imported');
});

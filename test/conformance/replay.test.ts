import { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import { nodeRuntime } from '../support/bridgeServer';
import { exchangeFiles, readExchange } from './exchange';
import { perform } from './perform';
import { startReplay } from './replayServer';

test.each(exchangeFiles())('the reference client holds its part of %s', async (file) => {
  const exchange = readExchange(file);
  const server = await startReplay(exchange);
  const client = new BridgeClient(nodeRuntime(), {
    url: server.url,
    client: { name: 'Replay', version: '0.1.0' },
    tokens: { load: async () => 'token', save: async () => undefined },
  });
  expect(await perform(client, exchange.call)).toEqual(exchange.outcome);
  expect(server.complaints).toEqual([]);
  client.stop();
  server.close();
});

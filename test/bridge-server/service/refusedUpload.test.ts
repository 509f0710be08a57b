import { jobFor, grey, randomName, startTestServer, stopAll } from '../../support/bridgeServer';
import { codeOf, openPeer } from '../../support/rawPeer';

afterAll(stopAll);

test('a request that fails while its payloads travel does not hold the connection to them', async () => {
  const server = await startTestServer({ timeouts: { payloadMs: 100 } });
  const peer = await openPeer(server);
  const regions = [
    { ...grey(8, 8), latents: { data: new Float32Array(2), shape: [1, 2] } as const },
    grey(8, 8),
  ];
  const { message, payloads } = peer.pack(randomName(), jobFor('plain', { regions }));
  payloads[1]!.bytes.fill(0);
  // The damaged latents arrive, the second region's pixels never do.
  expect(await codeOf(peer.channel.ask('run', message, payloads.slice(0, 2)))).toBe('BAD_INPUT');

  const stream = peer.channel.nextStream();
  const refused = peer.channel.ask('import-model', {
    name: 'plain',
    fileName: null,
    checkpoint: { stream, bytes: 9 },
  });
  expect(await codeOf(refused)).toBe('BAD_INPUT');

  // By the time that a connection which does owe a payload is let go, this one would have been.
  const owing = await openPeer(server);
  owing.channel
    .ask('run', owing.pack(randomName(), jobFor('plain')).message)
    .catch(() => undefined);
  await owing.closed;
  expect(peer.socket.readyState).toBe(peer.socket.OPEN);
  peer.socket.terminate();
});

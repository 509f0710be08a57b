import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import { isPspError } from '../../protocol/errors';
import { connectClient, stopAll } from '../support/bridgeServer';
import { encodeOpts, makeCheckpoint, smallestSizes } from '../support/checkpoints';
import { hostileCheckpoints } from '../support/hostileCheckpoints';
import { startServerProcess, type ServerProcess } from '../support/serverProcess';
import { say } from './say';

let server: ServerProcess;
let client: BridgeClient;
beforeAll(async () => {
  server = await startServerProcess();
  client = await connectClient(server);
});
afterAll(async () => {
  await stopAll();
  await server.stop();
});

/** Whatever a checkpoint does, who looks at the server meanwhile hears from it soon. */
async function slowestAnswer(while_: Promise<unknown>): Promise<number> {
  let over = false;
  let slowest = 0;
  const done = while_.finally(() => (over = true));
  while (!over) {
    const start = performance.now();
    await fetch(`http://127.0.0.1:${server.port}/health`);
    slowest = Math.max(slowest, performance.now() - start);
  }
  await done;
  return slowest;
}

test('hostile checkpoints over the wire: each is refused in words, the server goes on', async () => {
  const files = await hostileCheckpoints();
  const verdicts = new Map<string, string>();
  let slowest = 0;
  let longest = 0;
  for (const [name, bytes] of files) {
    const start = performance.now();
    const importing = client.importModel('hostile', bytes).then(
      () => verdicts.set(name, 'imported'),
      (error: unknown) => verdicts.set(name, isPspError(error) ? error.code : String(error)),
    );
    slowest = Math.max(slowest, await slowestAnswer(importing));
    longest = Math.max(longest, performance.now() - start);
  }
  const wrong = [...verdicts].filter(
    ([, code]) => code !== 'BAD_CHECKPOINT' && code !== 'BAD_INPUT',
  );
  expect(wrong).toEqual([]);
  expect(files.size).toBeGreaterThanOrEqual(44);
  expect(server.process.exitCode).toBeNull();
  const models = readdirSync(join(server.userFolder, 'models'));
  expect(models.filter((name) => name !== 'shared')).toEqual([]);
  say(
    `${files.size} hostile checkpoints: ${files.size} refused, 0 crashes; the longest took ${(longest / 1000).toFixed(1)} s, /health answered within ${Math.round(slowest)} ms`,
  );
  expect(slowest).toBeLessThan(2000);
}, 300_000);

test('an import tells how far it is and can be cancelled; nothing of it is left', async () => {
  const checkpoint = await makeCheckpoint();
  const shares: number[] = [];
  await client.importModel('mine', checkpoint, { onProgress: (share) => shares.push(share) });
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));

  let cancel = (): void => undefined;
  const importing = client.importModel('other', checkpoint, {
    onStarted: (stop) => (cancel = stop),
  });
  cancel();
  await expect(importing).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(readdirSync(join(server.userFolder, 'models')).sort()).toEqual(['mine', 'shared']);
  await client.removeModel('mine');
});

test("the user's own name of the file tells what it is for", async () => {
  const checkpoint = await makeCheckpoint(smallestSizes, encodeOpts);
  const { operations } = await client.importModel('cartoons', checkpoint, {
    fileName: 'psp_ffhq_toonify.pt',
  });
  expect(operations).toContain('toonify');
  expect((await client.importModel('toonify', checkpoint)).operations).toContain('toonify');
});

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startTestServer, stopAll, type TestServer } from '../support/bridgeServer';
import { untilJobs } from '../support/untilJobs';
import { giveToken, startPair, type FilterEnd } from './support/fakeBridge';
import { describeGimp } from './support/gimpRoot';
import { GimpSession } from './support/gimpSession';
import { outline, type LayerDump } from './support/layerTree';

interface Result {
  readonly end: FilterEnd;
  readonly layers: readonly LayerDump[];
}

/** Runs Frontalize with one of the fake's models on a fresh image. */
const frontalize = (gimp: GimpSession, model: string, extra = ''): Promise<Result> =>
  gimp.run(`
image = new_image(64, 64)
layer = add_layer(image, 'Photo', 0, 0, 64, 64)
end = run_filter('frontalize', image, [layer], model='${model}')
${extra}
answer = {'end': end, 'layers': layers_of(image)}
image.delete()
`);

describeGimp('what can go wrong between GIMP and the bridge', () => {
  let gimp: GimpSession;
  let server: TestServer;
  beforeAll(async () => {
    ({ gimp, server } = await startPair());
  });
  afterAll(async () => {
    await gimp.close();
    await stopAll();
  });

  async function expectUntouched(result: Result, message: string): Promise<void> {
    expect(result.end.ok).toBe(false);
    expect(result.end.message).toContain(message);
    expect(outline(result.layers)).toBe('Photo');
  }

  test("the bridge's own sentence is shown", async () => {
    await expectUntouched(
      await frontalize(gimp, 'refuse'),
      'The fake does not like this. Give it another.',
    );
  });

  test('the inference process crashes: told, and the next run works', async () => {
    await expectUntouched(await frontalize(gimp, 'crash'), 'process');
    expect((await frontalize(gimp, 'plain')).end).toMatchObject({ ok: true });
  });

  test('a token of another user', async () => {
    await giveToken(gimp.folder, 'x'.repeat(43));
    const result = await frontalize(gimp, 'plain');
    await giveToken(gimp.folder, server.token);
    await expectUntouched(result, 'could not prove to be your bridge');
  });

  test('a filter that is ended by force has its job cancelled', async () => {
    const run = gimp.run<Result>(`
import os, signal, threading
os.mkfifo(HERE / 'end-it')
def end_by_force():
    # As GIMP's own Cancel button does it, when the test says so.
    (HERE / 'end-it').read_bytes()
    for entry in os.listdir('/proc'):
        if entry.isdigit() and b'psp-layers.py' in Path(f'/proc/{entry}/cmdline').read_bytes():
            os.kill(int(entry), signal.SIGKILL)
threading.Thread(target=end_by_force, daemon=True).start()
image = new_image(64, 64)
layer = add_layer(image, 'Photo', 0, 0, 64, 64)
end = run_filter('frontalize', image, [layer], model='hang')
answer = {'end': end, 'layers': layers_of(image)}
image.delete()
`);
    await untilJobs(server.port, { running: 1 });
    await writeFile(join(gimp.folder, 'end-it'), '');
    const result = await run;
    expect(result.end.ok).toBe(false);
    expect(outline(result.layers)).toBe('Photo');
    await untilJobs(server.port, { running: 0 });
  });

  test('the bridge is killed in the middle of a job', async () => {
    const bridge = await spawnBridge();
    await pointTo(bridge.port, bridge.token);
    const run = frontalize(gimp, 'hang');
    await untilJobs(bridge.port, { running: 1 });
    bridge.process.kill('SIGKILL');
    await expectUntouched(await run, 'The pSp Layers bridge left');
    await pointTo(server.port, server.token);
  });

  async function pointTo(port: number, token: string): Promise<void> {
    const file = join(gimp.folder, 'plug-ins', 'psp-layers', 'psp_client', 'bridge.json');
    const installed = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...installed, port }));
    await giveToken(gimp.folder, token);
  }

  // The last one: it takes the server away.
  test('the bridge is stopped in the middle of a job', async () => {
    const run = frontalize(gimp, 'hang');
    await untilJobs(server.port, { running: 1 });
    await server.stop(0);
    const result = await run;
    await expectUntouched(result, 'The bridge server is shutting down.');
  });
});

/** The same server in a process of its own, so that it can be killed. */
async function spawnBridge(): Promise<{ process: ChildProcess; port: number; token: string }> {
  const script = `require('./test/support/bridgeServer').startTestServer()
    .then(({ port, token }) => console.log(JSON.stringify({ port, token })))`;
  const bridge = spawn(
    process.execPath,
    ['-r', './test/support/register-typescript.js', '-e', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(createInterface({ input: bridge.stdout }), 'line')) as [string];
  return { process: bridge, ...(JSON.parse(line) as { port: number; token: string }) };
}

describeGimp('a bridge that GIMP has to start', () => {
  test('is started with the installed command, and then the filter runs', async () => {
    const folder = await GimpSession.makeFolder();
    // A GIMP root holds no Node.js: the command asks this test, which starts the bridge.
    const command = ['/usr/bin/python3', join(folder, 'startBridge.py')];
    await writeFile(
      join(folder, 'startBridge.py'),
      `import sys, pathlib, signal
pathlib.Path('${folder}/wanted').write_text(' '.join(sys.argv[1:]))
signal.pause()`,
    );
    const placeholder = await startTestServer();
    const { port } = placeholder;
    await placeholder.stop(0);
    const gimp = await GimpSession.start(folder, { bridgePort: port, bridgeCommand: command });
    const wanted = new Promise<void>((resolve) => {
      const watcher = watch(folder, (_, name) => {
        if (name !== 'wanted') return;
        watcher.close();
        resolve();
      });
    });
    const run = frontalize(gimp, 'plain');
    await wanted;
    const server = await startTestServer({ port, userFolder: GimpSession.userFolder(folder) });
    expect((await run).end).toEqual(expect.objectContaining({ ok: true }));
    expect(server.port).toBe(port);
    await gimp.close();
    await stopAll();
  });
});

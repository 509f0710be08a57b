import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { startCommand, type Command } from '../support/command';
import { startTriton, type TritonServer } from './tritonServer';

/* Two servers behind the balancer of docs/studio.md, one of them killed in the middle of a run. */

const root = join(__dirname, '..', '..');
const hasBalancer = (): boolean => {
  try {
    execFileSync('haproxy', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

let folder: string | undefined;
let servers: readonly TritonServer[] = [];
let balancer: ChildProcess | undefined;
const at = (...names: string[]): string => join(folder ?? '', ...names);
const command = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Command =>
  startCommand(at('home'), args, env);

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

const configuration = (port: number, ports: readonly number[]): string => `defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend inference
  bind 127.0.0.1:${port}
  default_backend triton
backend triton
  balance leastconn
  option httpchk GET /v2/health/ready
  retry-on conn-failure empty-response
  option redispatch
${ports.map((own, i) => `  server s${i} 127.0.0.1:${own} check inter 1s`).join('\n')}
`;

afterAll(async () => {
  balancer?.kill('SIGKILL');
  await Promise.all(servers.map((server) => server.kill()));
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

(hasBalancer() ? test : test.skip)(
  'a server that is killed in a run of 60 pictures loses none',
  async () => {
    folder = await mkdtemp(join(tmpdir(), 'psp-haproxy-'));
    const checkpoint = join(root, 'test', 'fixtures', 'psp', 'tiny-encode', 'checkpoint.pt');
    const named = ['--name', 'tiny', '--operation', 'reconstruct'];
    expect((await command(['models', 'import', checkpoint, ...named]).finished).code).toBe(0);
    const repository = at('repository');
    const exporting = ['models', 'export-triton', repository, '--backend', 'python'];
    expect((await command(exporting).finished).code).toBe(0);
    // The large networks of the starter need not be loaded twice.
    for (const name of await readdir(repository)) {
      const { size } = await stat(join(repository, name, '1', 'model.onnx'));
      if (size > 4e6) await rm(join(repository, name), { recursive: true });
    }
    const ports = [await freePort(), await freePort()];
    servers = await Promise.all(
      ports.map((own, i) => startTriton(repository, at(`server-${i}`), own)),
    );
    const port = await freePort();
    await writeFile(at('haproxy.cfg'), configuration(port, ports));
    balancer = spawn('haproxy', ['-f', at('haproxy.cfg'), '-db'], { stdio: 'ignore' });

    await mkdir(at('shoot'));
    await mkdir(at('out'));
    const crop = { left: 110, top: 0, width: 230, height: 230 };
    const face = sharp(join(root, 'test', 'fixtures', 'astronaut.png')).extract(crop);
    for (let i = 0; i < 60; i += 1) {
      // Each another picture: equal ones are answered from the cache.
      await face
        .clone()
        .modulate({ brightness: 0.8 + i / 150 })
        .toFile(at('shoot', `${i}.png`));
    }
    const args = ['batch', at('shoot'), '--operation', 'reconstruct', '--model', 'tiny'];
    const more = ['--output', at('out'), '--results', at('results.jsonl')];
    const run = command([...args, ...more], { PSP_LAYERS_INFERENCE: `http://127.0.0.1:${port}` });
    const watcher = watch(at('out'));
    const written = async (): Promise<number> =>
      (await readdir(at('out'))).filter((name) => name.endsWith('.psd')).length;
    while ((await written()) < 15) await once(watcher, 'change');
    watcher.close();
    await servers[0]!.kill();
    expect(await written()).toBeLessThan(60);
    const { code, log } = await run.finished;
    expect({ code, log }).toMatchObject({
      code: 0,
      log: expect.stringContaining('60 of 60 files'),
    });
    expect(await written()).toBe(60);
    const lines = (await readFile(at('results.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { state: string }).state)).toEqual(
      Array.from({ length: 60 }, () => 'done'),
    );
  },
);

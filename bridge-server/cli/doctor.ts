import { freemem, totalmem } from 'node:os';
import { access, constants, mkdir } from 'node:fs/promises';
import type { Command } from 'commander';
import { defaultPort } from '../../protocol/limits';
import { packageFolder, productVersion, userFolder } from '../folders';
import { servedName } from '../inference/openInference/remoteEngine';
import { askHealth } from '../inference/openInference/health';
import { readServerAddress } from '../inference/openInference/serverAddress';
import { graphsOf, type ModelPackage } from '../models/modelStore';
import { verifyModel } from '../models/verifyModel';
import { openModelStore } from '../openProcessor';
import { isPortFree, versionOfBridge } from '../portTaken';
import type { CommandContext } from './context';
import { exitCodes } from './exitCodes';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('Check the installation and say what runs the networks, and why')
    .option('--json', 'print as JSON')
    .action(async (options: { json?: true }) => {
      const findings = await examine(context);
      if (options.json) context.terminal.out(JSON.stringify(findings, null, 2));
      else {
        for (const { what, ok, detail } of findings) {
          context.terminal.out(`${ok ? 'ok  ' : 'FAIL'}  ${what}: ${detail}`);
        }
      }
      if (findings.some(({ ok }) => !ok)) process.exitCode = exitCodes.internal;
    });
}

async function examine(context: CommandContext): Promise<Finding[]> {
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  const findings: Finding[] = [
    { what: 'version', ok: true, detail: `pSp Layers ${productVersion}, Node ${process.version}` },
    { what: 'installed in', ok: true, detail: packageFolder },
    await examineUserFolder(),
    await examineBridge(defaultPort),
    {
      what: 'memory',
      ok: true,
      detail: `${gigabytes(freemem())} free of ${gigabytes(totalmem())}`,
    },
  ];
  const store = openModelStore();
  for (const { name, folder, reason } of await store.listUnreadable()) {
    const detail = `${folder} cannot be read: ${reason} Run "psp-layers models remove ${name}", or update.`;
    findings.push({ what: `model ${name}`, ok: false, detail });
  }
  for (const model of await store.list()) {
    const problem = await verifyModel(model);
    const detail = problem ?? `${model.operations.join(', ')}; ${model.resolution}²`;
    findings.push({ what: `model ${model.name}`, ok: problem === null, detail });
  }
  findings.push(...(await examineInferenceServer(await store.list())));
  const { report } = await context.processor();
  findings.push({ what: 'networks run on', ok: true, detail: report.device });
  for (const reason of report.passedOver) {
    findings.push({ what: 'passed over', ok: true, detail: reason });
  }
  return findings;
}

/** Whether the studio's server is there and serves every network; nothing where none is named. */
async function examineInferenceServer(models: readonly ModelPackage[]): Promise<Finding[]> {
  const server = await readServerAddress();
  if (!server) return [];
  const graphs = new Map(models.flatMap(graphsOf).map((graph) => [servedName(graph), graph]));
  const health = await askHealth(server, [...graphs.keys()]);
  const what = `inference server ${server.url.host}`;
  if (health.problem !== null) return [{ what, ok: false, detail: health.problem }];
  const { missing, milliseconds } = health;
  const detail =
    missing.length === 0
      ? `serves all ${graphs.size} networks, ${milliseconds.toFixed(0)} ms a round trip`
      : `does not serve ${missing.join(', ')}. Write its repository anew: "psp-layers models export-triton".`;
  return [{ what, ok: missing.length === 0, detail }];
}

async function examineUserFolder(): Promise<Finding> {
  const folder = userFolder();
  const ok = await mkdir(folder, { recursive: true })
    .then(() => access(folder, constants.W_OK))
    .then(
      () => true,
      () => false,
    );
  const detail = ok ? folder : `${folder} cannot be written. Set PSP_LAYERS_HOME to one that can.`;
  return { what: 'your folder', ok, detail };
}

/** Whether hosts will find a bridge, and if not what stands in its place. */
async function examineBridge(port: number): Promise<Finding> {
  const what = `bridge on port ${port}`;
  const version = await versionOfBridge(port);
  if (version === productVersion) return { what, ok: true, detail: `runs, ${version}` };
  if (version) {
    const detail = `runs, but as ${version}. End it and start this one: "psp-layers serve".`;
    return { what, ok: false, detail };
  }
  if (await isPortFree(port)) {
    return { what, ok: true, detail: 'does not run. Start it with "psp-layers serve".' };
  }
  const detail = `another program uses the port. End it, or give "psp-layers serve" and each host another --port.`;
  return { what, ok: false, detail };
}

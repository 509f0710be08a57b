import type { ProviderReport } from '../../protocol/model';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { cpuThreads, type Provider } from './onnxEngine';
import type { ProbeResult } from './probe';

/** Half-precision GPU arithmetic stays well below this; a wrong kernel does not. */
const maxRelativeError = 0.02;
/** A driver that hangs must not keep the user waiting. */
const probeTimeoutMs = 20_000;

const candidates: Readonly<Partial<Record<NodeJS.Platform, readonly Provider[]>>> = {
  linux: ['cuda', 'webgpu'],
  win32: ['dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
};

const labels: Readonly<Record<Provider, string>> = {
  cuda: 'GPU by CUDA',
  dml: 'GPU by DirectML',
  coreml: 'Apple GPU or Neural Engine by CoreML',
  webgpu: 'GPU by WebGPU',
  cpu: 'CPU',
};

export interface ProviderChoice {
  readonly provider: Provider;
  readonly report: ProviderReport;
}

export type Probe = (provider: Provider, graphPath: string) => Promise<ProbeResult>;

/**
 * The first provider that answers a real run as the CPU does, and faster. ONNX Runtime itself falls
 * back to the CPU silently; here every provider passed over leaves its reason.
 * @param graphPath a small graph of the kind that will be run
 * @param forced skips the choice: the user's `PSP_LAYERS_PROVIDER`
 */
export async function chooseProvider(
  graphPath: string,
  forced?: Provider,
  probe: Probe = probeInChildProcess,
  platform: NodeJS.Platform = process.platform,
): Promise<ProviderChoice> {
  const passedOver: string[] = [];
  const tried = forced ? [forced] : (candidates[platform] ?? []);
  for (const provider of tried.filter((name) => name !== 'cpu')) {
    const reason = await probe(provider, graphPath).then(judge, (error: unknown) =>
      firstSentence(error instanceof Error ? error.message : String(error)),
    );
    if (reason === null) {
      return { provider, report: { provider, device: labels[provider], passedOver } };
    }
    passedOver.push(`${labels[provider]}: ${reason}`);
  }
  const device = `CPU, ${cpuThreads()} threads`;
  return { provider: 'cpu', report: { provider: 'cpu', device, passedOver } };
}

function judge(result: ProbeResult): string | null {
  if (!(result.relativeError <= maxRelativeError)) {
    return `its answer differs from the CPU's by ${(result.relativeError * 100).toFixed(1)} %.`;
  }
  if (result.milliseconds >= result.cpuMilliseconds) {
    return `slower than the CPU here (${result.milliseconds.toFixed(0)} ms against ${result.cpuMilliseconds.toFixed(0)} ms).`;
  }
  return null;
}

/** Native messages begin with source paths and repeat themselves; people need the gist. */
function firstSentence(message: string): string {
  const text = message.replace(/^.*was false\.\s*/s, '').replace(/\s+/g, ' ');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function probeInChildProcess(provider: Provider, graphPath: string): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'probe.js'), [provider, graphPath], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      timeout: probeTimeoutMs,
      killSignal: 'SIGKILL',
    });
    child.on('message', (message: { result?: ProbeResult; failure?: string }) => {
      if (message.result) resolve(message.result);
      else reject(new Error(message.failure ?? 'no answer'));
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      reject(new Error(`its driver ended the test process (${signal ?? `exit ${String(code)}`}).`));
    });
  });
}

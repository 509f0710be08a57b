import { openSession, patternInputs, runSession, type Provider } from './onnxEngine';

/** What a provider did with a graph: its time and its largest error against the CPU's answer. */
export interface ProbeResult {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  /** Largest |difference|, relative to the largest |value| of the CPU's answer. */
  readonly relativeError: number;
}

/** Runs the graph on the CPU and on the provider. Rejects with whatever the provider throws. */
export async function probeProvider(provider: Provider, graphPath: string): Promise<ProbeResult> {
  const candidate = await timedRun(provider, graphPath);
  const cpu = await timedRun('cpu', graphPath);
  const scale = cpu.values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
  const error = cpu.values.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - (candidate.values[i] ?? NaN))),
    0,
  );
  return {
    milliseconds: candidate.milliseconds,
    cpuMilliseconds: cpu.milliseconds,
    relativeError: error / scale,
  };
}

async function timedRun(
  provider: Provider,
  graphPath: string,
): Promise<{ milliseconds: number; values: Float32Array }> {
  const session = await openSession(graphPath, provider);
  const inputs = patternInputs(session);
  // The first run compiles shaders and touches memory: only the second is timed.
  await runSession(session, inputs);
  const start = performance.now();
  const outputs = await runSession(session, inputs);
  const milliseconds = performance.now() - start;
  const values = Object.values(outputs)[0]?.data ?? new Float32Array();
  await session.release();
  return { milliseconds, values };
}

/** As a process of its own: a driver that crashes takes only this process with it. */
if (require.main === module) {
  const [provider, graphPath] = process.argv.slice(2);
  probeProvider(provider as Provider, graphPath ?? '').then(
    (result) => process.send?.({ result }, () => process.exit(0)),
    (error: unknown) => {
      const message = String((error as { message?: unknown } | null)?.message ?? error);
      process.send?.({ failure: message }, () => process.exit(0));
    },
  );
}

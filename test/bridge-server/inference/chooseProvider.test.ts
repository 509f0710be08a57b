import { chooseProvider, type Probe } from '../../../bridge-server/inference/chooseProvider';

const works = { milliseconds: 5, cpuMilliseconds: 50, relativeError: 1e-4 };
const probeOf =
  (answers: Record<string, Awaited<ReturnType<Probe>> | Error>): Probe =>
  async (provider) => {
    const answer = answers[provider];
    if (!answer || answer instanceof Error) throw answer ?? new Error('not expected');
    return answer;
  };

test('the first provider that answers right and faster is taken', async () => {
  const probe = probeOf({ cuda: new Error('Failed to load shared library'), webgpu: works });
  const { provider, report } = await chooseProvider('graph', undefined, probe, 'linux');
  expect(provider).toBe('webgpu');
  expect(report.passedOver).toEqual(['GPU by CUDA: Failed to load shared library']);
});

test('a wrong answer, a slow one and one that is not a number fall back to the CPU, with reasons', async () => {
  const wrong = probeOf({
    dml: { ...works, relativeError: 0.4 },
    webgpu: { ...works, milliseconds: 80 },
  });
  const { provider, report } = await chooseProvider('graph', undefined, wrong, 'win32');
  expect(provider).toBe('cpu');
  expect(report.passedOver).toEqual([
    "GPU by DirectML: its answer differs from the CPU's by 40.0 %.",
    'GPU by WebGPU: slower than the CPU here (80 ms against 50 ms).',
  ]);
  const broken = probeOf({ coreml: { ...works, relativeError: NaN }, webgpu: works });
  expect((await chooseProvider('graph', undefined, broken, 'darwin')).provider).toBe('webgpu');
});

test('a forced provider is the only one tried, and the CPU is never probed', async () => {
  const choice = await chooseProvider('graph', 'cpu', probeOf({}), 'linux');
  expect(choice.report.passedOver).toEqual([]);
  expect(choice.provider).toBe('cpu');
});

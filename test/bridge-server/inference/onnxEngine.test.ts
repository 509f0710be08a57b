import { join } from 'node:path';
import { readGraph } from '../../../bridge-server/inference/graph';
import { cpuEngine } from '../../support/faces';

test('networks are let go between runs and never during one: each is opened again when it is asked', async () => {
  const engine = cpuEngine();
  const detector = await readGraph(
    join(__dirname, '..', '..', '..', 'models', 'faces', 'detector.onnx'),
  );
  const data = Float32Array.from({ length: 3 * 256 * 256 }, (_, i) => (i % 97) / 96);
  const run = async (): Promise<readonly number[]> => {
    const { boxes } = await engine.run(detector, { image: { data, shape: [1, 3, 256, 256] } });
    return [...boxes!.data.slice(0, 100)];
  };
  try {
    const running = run();
    await engine.release();
    const before = await running;
    await engine.release();
    expect(await run()).toEqual(before);
  } finally {
    await engine.close();
  }
});

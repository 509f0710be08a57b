import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { cutGraph, GraphBuilder, writeGraph } from '../../../../models/convert';

const mesh = readFileSync(join(__dirname, '../../../../models/faces/mesh.onnx'));

const image = new ort.Tensor(
  'float32',
  Float32Array.from({ length: 3 * 192 * 192 }, (_, i) => ((i * 7919) % 2003) / 2003),
  [1, 3, 192, 192],
);

it('answers as the whole does, with the weights of the other outputs gone', async () => {
  const part = cutGraph(mesh, ['flag']);
  const [whole, cut] = await Promise.all(
    [new Uint8Array(mesh), part].map((bytes) => ort.InferenceSession.create(bytes)),
  );
  const expected = await whole!.run({ image });
  const found = await cut!.run({ image });
  expect(Object.keys(found)).toEqual(['flag']);
  expect(found['flag']!.data).toEqual(expected['flag']!.data);
  expect(part.length).toBeLessThan(mesh.length - 100_000);
});

it('leaves out inputs that nothing needs', async () => {
  const graph = new GraphBuilder('two', 'float32');
  graph.output('sum', [1], graph.node('Add', [graph.input('a', [1]), graph.input('b', [1])]));
  graph.output('root', [1], graph.node('Sqrt', [graph.input('c', [1])]));
  const parts: Uint8Array[] = [];
  await writeGraph(graph, async (bytes) => void parts.push(bytes));
  const cut = cutGraph(Buffer.concat(parts), ['root']);
  const session = await ort.InferenceSession.create(cut);
  expect(session.inputNames).toEqual(['c']);
});

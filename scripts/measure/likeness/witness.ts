import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { resizePlanes, type FacePlanes } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import { readGraph } from '../../../bridge-server/inference/graph';
import { GraphBuilder, writeGraph } from '../../../models/convert';
import { addTfGraph } from '../../../models/faces/tfGraph';
import { readGraphModel } from '../../../models/faces/tfjs';

const side = 224;
const features = 'global_pooling/Mean';
/** A hundred classes, one a year. */
const years = 'age_pred/Softmax';
/** About what the library's own detector cuts out. */
const faceCrop = { left: 0.1, top: 0.15, side: 0.8 };

export interface Testimony {
  /** [1024], what faces are compared by. */
  readonly features: Float32Array;
  /** In years, as the network guesses it. */
  readonly age: number;
}

/**
 * A witness that is in no loss: `faceres` of @vladmandic/human, a MobileNet for age and sex whose
 * 1,024 features the library compares faces by.
 * @param path where its ONNX file is written
 */
export async function createWitness(
  engine: Engine,
  path: string,
): Promise<(face: FacePlanes) => Promise<Testimony>> {
  const installed = dirname(dirname(require.resolve('@vladmandic/human')));
  const { nodes, weights } = readGraphModel(join(installed, 'models', 'faceres.json'));
  const graph = new GraphBuilder('faceres', 'float32');
  const image = graph.input('image', ['N', 3, side, side]);
  // Its guess of sex is asked for by nobody.
  const used = nodes.filter(({ name }) => !name.startsWith('gender_pred'));
  const names = addTfGraph(graph, used, weights, image);
  graph.output('features', ['N', 1024], names.get(features)!);
  graph.output('years', ['N', 100], names.get(years)!);
  const parts: Uint8Array[] = [];
  await writeGraph(graph, async (bytes) => void parts.push(bytes));
  await writeFile(path, Buffer.concat(parts));
  const network = await readGraph(path);

  return async (face) => {
    const { rgb } = resizePlanes(face, faceCrop, side);
    const data = rgb.map((value) => value * 255);
    const outputs = await engine.run(network, { image: { data, shape: [1, 3, side, side] } });
    return {
      features: outputs['features']!.data,
      age: outputs['years']!.data.reduce((sum, share, year) => sum + share * year, 0),
    };
  };
}

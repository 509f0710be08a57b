import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeGraph } from '../convert';
import { identityGraph } from './identityGraph';
import { detectorGraph, meshGraph } from './mediapipeGraphs';
import { readGraphModel, readWeightsManifest } from './tfjs';

/** Both packages resolve to a file in their `dist` folder and export nothing else. */
const packageFolder = (name: string): string => dirname(dirname(require.resolve(name)));

/** The three face models as ONNX files by name, made from the development dependencies. */
export async function buildFaceModels(): Promise<ReadonlyMap<string, Uint8Array>> {
  const human = join(packageFolder('@vladmandic/human'), 'models');
  const faceApi = join(packageFolder('@vladmandic/face-api'), 'model');
  const identity = join(faceApi, 'face_recognition_model-weights_manifest.json');
  const graphs = [
    detectorGraph(readGraphModel(join(human, 'blazeface.json'))),
    meshGraph(readGraphModel(join(human, 'facemesh.json'))),
    identityGraph(readWeightsManifest(identity)),
  ];
  const files = new Map<string, Uint8Array>();
  for (const graph of graphs) {
    const parts: Uint8Array[] = [];
    await writeGraph(graph, async (bytes) => void parts.push(bytes));
    files.set(`${graph.name}.onnx`, Buffer.concat(parts));
  }
  return files;
}

async function main(folder: string): Promise<void> {
  for (const [name, bytes] of await buildFaceModels()) {
    writeFileSync(join(folder, name), bytes);
    process.stdout.write(`${name}: ${bytes.length} bytes\n`);
  }
}

if (require.main === module) void main(process.argv[2] ?? join('models', 'faces'));

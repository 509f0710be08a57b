import { join } from 'node:path';
import { packageFolder } from '../folders';
import { readGraph, type Graph } from '../inference/graph';

type FaceModel = 'detector' | 'mesh' | 'identity' | 'parts';

const graphs = new Map<FaceModel, Promise<Graph>>();

/** A network of models/faces. */
export function faceModel(name: FaceModel): Promise<Graph> {
  const known = graphs.get(name);
  if (known) return known;
  const graph = readGraph(join(packageFolder, 'models', 'faces', `${name}.onnx`));
  graphs.set(name, graph);
  graph.catch(() => graphs.delete(name));
  return graph;
}

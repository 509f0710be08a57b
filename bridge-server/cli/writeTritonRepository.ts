import { mkdir, readdir } from 'node:fs/promises';
import { PspError } from '../../protocol/errors';
import { readSignature } from '../inference/onnxEngine';
import type { Graph } from '../inference/graph';
import {
  writeServedModel,
  type RepositoryOptions,
} from '../inference/openInference/tritonRepository';
import { graphsOf, type ModelPackage } from '../models/modelStore';

/**
 * Every network of the packages once, however many share it.
 * @returns the names they are served under
 * @throws PspError BAD_INPUT when the folder holds something: a server may be reading it
 */
export async function writeTritonRepository(
  folder: string,
  models: readonly ModelPackage[],
  options: RepositoryOptions,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new PspError('BAD_INPUT', `The folder ${folder} is not empty. Name a new one.`);
  }
  const graphs = new Map<string, Graph>();
  for (const graph of models.flatMap(graphsOf)) graphs.set(graph.sha256, graph);
  const names: string[] = [];
  for (const graph of graphs.values()) {
    names.push(await writeServedModel(folder, graph, await readSignature(graph), options));
  }
  return names;
}

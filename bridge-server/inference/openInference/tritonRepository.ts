import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Graph, GraphSignature, GraphValue } from '../graph';
import { servedName } from './remoteEngine';

export interface RepositoryOptions {
  /** `onnxruntime` is Triton's own; `python` runs ONNX Runtime from Python where a build lacks that. */
  readonly backend: 'onnxruntime' | 'python';
  readonly processor: 'cpu' | 'gpu';
}

/** The product sends no more pictures than this in one call. */
const maxBatch = 8;
const maxQueue = 64;

/**
 * Writes one network of a Triton model repository: FOLDER/psp-…/config.pbtxt and its first version.
 * @returns the model's name
 */
export async function writeServedModel(
  folder: string,
  graph: Graph,
  signature: GraphSignature,
  options: RepositoryOptions,
): Promise<string> {
  const name = servedName(graph);
  const version = join(folder, name, '1');
  await mkdir(version, { recursive: true });
  const file = join(version, 'model.onnx');
  if (graph.read) await writeFile(file, await graph.read());
  else await linkOrCopy(graph.path, file);
  if (options.backend === 'python') await writeFile(join(version, 'model.py'), pythonModel);
  await writeFile(join(folder, name, 'config.pbtxt'), configOf(name, signature, options));
  return name;
}

/** Weights of a gigabyte need no second place on the same disk. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

export function configOf(
  name: string,
  { inputs, outputs }: GraphSignature,
  { backend, processor }: RepositoryOptions,
): string {
  // Triton adds the batch's own side to what is written when max_batch_size is above 0.
  const batched = [...inputs, ...outputs].every(({ shape }) => shape[0] === null);
  const value = ({ name: valueName, shape }: GraphValue): string => {
    const dims = (batched ? shape.slice(1) : shape).map((side) => side ?? -1);
    return `{ name: "${valueName}" data_type: TYPE_FP32 dims: [ ${dims.join(', ')} ] }`;
  };
  const queue = `default_queue_policy { max_queue_size: ${maxQueue} }`;
  return [
    `name: "${name}"`,
    backend === 'python' ? 'backend: "python"' : 'platform: "onnxruntime_onnx"',
    `max_batch_size: ${batched ? maxBatch : 0}`,
    `input [ ${inputs.map(value).join(', ')} ]`,
    `output [ ${outputs.map(value).join(', ')} ]`,
    ...(batched ? [`dynamic_batching { max_queue_delay_microseconds: 2000 ${queue} }`] : []),
    `instance_group [ { kind: ${processor === 'gpu' ? 'KIND_GPU' : 'KIND_CPU'} count: 1 } ]`,
    '',
  ].join('\n');
}

/** For servers without Triton's own ONNX Runtime: the same arithmetic, one request after another. */
const pythonModel = `import os

import numpy as np
import onnxruntime
import triton_python_backend_utils as triton


class TritonPythonModel:
    def initialize(self, args):
        folder = os.path.join(args["model_repository"], args["model_version"])
        self.session = onnxruntime.InferenceSession(
            os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"]
        )
        self.inputs = [value.name for value in self.session.get_inputs()]
        self.outputs = [value.name for value in self.session.get_outputs()]

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        feeds = {
            name: triton.get_input_tensor_by_name(request, name).as_numpy() for name in self.inputs
        }
        values = self.session.run(self.outputs, feeds)
        return triton.InferenceResponse(
            [
                triton.Tensor(name, np.ascontiguousarray(value))
                for name, value in zip(self.outputs, values)
            ]
        )
`;

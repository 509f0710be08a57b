import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuThreads, createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import type { Engine, Tensor } from '../../bridge-server/inference/engine';
import { readGraph, type Graph } from '../../bridge-server/inference/graph';
import { importCheckpoint } from '../../bridge-server/models/importCheckpoint';
import { GraphBuilder, writeGraph, type GraphRole } from '../../models/convert';
import { makeLargeCheckpoint } from '../makeLargeCheckpoint';
import { fastest, type Figure } from './figure';
import { benchOfficialSize } from './officialSize';

/** Work of the official networks at 1024, from their layers (2 FLOPs per multiply-add). */
const encoderGflop = 145;
const decoderGflop = 151;
const matrixSide = 2048;
const runs = 3;

/**
 * The official networks with random weights, on the CPU: conversion, seconds per run, and how near the
 * machine's own matrix-multiply rate they come in the same process.
 */
export async function benchNetworks(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'psp-layers-bench-'));
  const device = `CPU, ${cpuThreads()} threads`;
  const engine = createOnnxEngine({
    provider: 'cpu',
    report: { provider: 'cpu', device, passedOver: [] },
  });
  try {
    const rate = await matrixMultiplyRate(engine, folder);
    const checkpoint = join(folder, 'official-size.pt');
    await makeLargeCheckpoint(checkpoint);
    const start = performance.now();
    const { folder: model, model: description } = await importCheckpoint({
      file: checkpoint,
      modelsFolder: join(folder, 'models'),
    });
    const importSeconds = (performance.now() - start) / 1000;
    await rm(checkpoint);
    const { nStyles, styleDim, graphs, checksums } = description;
    const graph = (role: GraphRole): Graph => ({
      path: join(model, graphs[role]),
      sha256: checksums[role],
    });
    const codes = [1, nStyles, styleDim];
    const asBridge = await benchOfficialSize({
      models: join(folder, 'models'),
      encoder: graph('encoder'),
      decoder: graph('decoder'),
      codes,
    });
    const time = (role: GraphRole, name: string, shape: readonly number[]): Promise<number> =>
      timeGraph(engine, graph(role), name, shape);
    const encoder = await time('encoder', 'image', [1, 3, 256, 256]);
    const decoder = await time('decoder', 'latents', codes);
    const mapping = await time('mapping', 'z', [1, styleDim]);
    const ideal = (encoderGflop + decoderGflop) / rate;
    return [
      { name: 'matrix multiply', value: rate, unit: 'GFLOP/s' },
      { name: 'import of a 1.2 GB checkpoint', value: importSeconds, unit: 's' },
      { name: 'encoder', value: encoder, unit: 's' },
      { name: 'encoder', value: encoderGflop / encoder, unit: 'GFLOP/s' },
      { name: 'decoder 1024', value: decoder, unit: 's' },
      { name: 'decoder 1024', value: decoderGflop / decoder, unit: 'GFLOP/s' },
      { name: 'mapping', value: mapping * 1000, unit: 'ms' },
      { name: 'pSp 1024 over the roofline', value: (encoder + decoder) / ideal, unit: '×' },
      { name: 'encoder over the roofline', value: (encoder * rate) / encoderGflop, unit: '×' },
      { name: 'decoder over the roofline', value: (decoder * rate) / decoderGflop, unit: '×' },
      ...asBridge,
    ];
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function timeGraph(
  engine: Engine,
  graph: Graph,
  name: string,
  shape: readonly number[],
): Promise<number> {
  const inputs = { [name]: pattern(shape) };
  await engine.run(graph, inputs);
  return (await fastest(runs, () => engine.run(graph, inputs))) / 1000;
}

/** GFLOP/s of one large float32 matrix product in the same runtime: the roof for convolutions. */
async function matrixMultiplyRate(engine: Engine, folder: string): Promise<number> {
  const graph = new GraphBuilder('matmul', 'float32');
  const a = graph.input('a', [matrixSide, matrixSide]);
  const b = graph.input('b', [matrixSide, matrixSide]);
  graph.output('c', [matrixSide, matrixSide], graph.node('MatMul', [a, b]));
  const path = join(folder, 'matmul.onnx');
  const file = await open(path, 'wx');
  await writeGraph(graph, (bytes) => file.writeFile(bytes));
  await file.close();
  const inputs = { a: pattern([matrixSide, matrixSide]), b: pattern([matrixSide, matrixSide]) };
  const product = await readGraph(path);
  await engine.run(product, inputs);
  const milliseconds = await fastest(runs + 2, () => engine.run(product, inputs));
  return (2 * matrixSide ** 3) / milliseconds / 1e6;
}

function pattern(shape: readonly number[]): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return { data: Float32Array.from({ length }, (_, i) => ((i * 7919) % 2003) / 1001.5 - 1), shape };
}

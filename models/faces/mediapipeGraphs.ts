import { GraphBuilder } from '../convert';
import { addTfGraph } from './tfGraph';
import type { TfNode, Weights } from './tfjs';

export interface TfModel {
  readonly nodes: readonly TfNode[];
  readonly weights: Weights;
}

/**
 * BlazeFace, 256² "back" variant: image [N,3,256,256] in 0..1 → boxes [N,896,16] relative to the
 * anchors in pixels, scores [N,896] in 0..1.
 */
export function detectorGraph({ nodes, weights }: TfModel): GraphBuilder {
  const graph = new GraphBuilder('detector', 'float32');
  const image = graph.input('image', ['N', 3, 256, 256]);
  const doubled = graph.node('Mul', [image, graph.constant('two', [], [2])]);
  const signed = graph.node('Sub', [doubled, graph.constant('one', [], [1])]);
  const names = addTfGraph(graph, nodes, weights, signed);
  // Identity and Identity_2 come from the 16² grid, Identity_1 and Identity_3 from the 8² grid.
  const both = (first: string, second: string) =>
    graph.node('Concat', [names.get(first)!, names.get(second)!], { axis: 1 });
  const logits = graph.node('Reshape', [both('Identity', 'Identity_1'), graph.integers([0, -1])]);
  graph.output('boxes', ['N', 896, 16], both('Identity_2', 'Identity_3'));
  graph.output('scores', ['N', 896], graph.node('Sigmoid', [logits]));
  return graph;
}

/**
 * FaceMesh: image [N,3,192,192] in 0..1 → mesh [N,468,3] in crop pixels, flag [N,1] in 0..1.
 * The contours output (eyes and lips once more, 133 points) is not used and left out.
 */
export function meshGraph({ nodes, weights }: TfModel): GraphBuilder {
  const graph = new GraphBuilder('mesh', 'float32');
  const image = graph.input('image', ['N', 3, 192, 192]);
  const used = reachable(nodes, ['Identity_1', 'Identity_2']);
  const names = addTfGraph(graph, used, weights, image);
  const shaped = (name: string, shape: readonly number[]) =>
    graph.node('Reshape', [names.get(name)!, graph.integers(shape)]);
  graph.output('mesh', ['N', 468, 3], shaped('Identity_2', [0, 468, 3]));
  graph.output('flag', ['N', 1], shaped('Identity_1', [0, 1]));
  return graph;
}

function reachable(nodes: readonly TfNode[], outputs: readonly string[]): readonly TfNode[] {
  const wanted = new Set(outputs);
  // Nodes come in execution order, so one pass from the end sees every use before its source.
  for (const node of [...nodes].reverse()) {
    if (wanted.has(node.name)) node.input.forEach((input) => wanted.add(input));
  }
  return nodes.filter((node) => wanted.has(node.name));
}

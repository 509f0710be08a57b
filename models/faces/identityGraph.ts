import { GraphBuilder } from '../convert';
import type { Value } from '../convert';
import type { Weights } from './tfjs';
import { bias, kernel, matrix, perChannel } from './weights';

/**
 * dlib's face recognition ResNet (D. King, "High Quality Face Recognition with Deep Metric
 * Learning", 2017) as face-api carries it: every convolution is followed by a scale and a shift
 * per channel, blocks that halve the size add a 2×2 average of their input, widened with zeros.
 */
export function identityGraph(weights: Weights): GraphBuilder {
  const graph = new GraphBuilder('identity', 'float32');
  const weight = (name: string) => {
    const found = weights.get(name);
    if (found === undefined) throw new Error(`the weight ${name} is missing`);
    return found;
  };
  const conv = (x: Value, name: string, stride: 1 | 2): Value => {
    const convolved = graph.node(
      'Conv',
      [
        x,
        kernel(graph, `${name}/conv/filters`, weight(`${name}/conv/filters`)),
        bias(graph, `${name}/conv/bias`, weight(`${name}/conv/bias`)),
      ],
      { strides: [stride, stride], auto_pad: stride === 2 ? 'VALID' : 'SAME_UPPER' },
    );
    const scaled = graph.node('Mul', [
      convolved,
      perChannel(graph, `${name}/scale/weights`, weight(`${name}/scale/weights`)),
    ]);
    return graph.node('Add', [
      scaled,
      perChannel(graph, `${name}/scale/biases`, weight(`${name}/scale/biases`)),
    ]);
  };
  const relu = (x: Value): Value => graph.node('Relu', [x]);
  const pad = (x: Value, channels: number, bottomRight: number): Value =>
    channels + bottomRight === 0
      ? x
      : graph.node('Pad', [x, graph.integers([0, 0, 0, 0, 0, channels, bottomRight, bottomRight])]);

  // Mean colour of the training set, in 0..1.
  const mean = [122.782, 117.001, 104.298].map((value) => value / 255);
  const image = graph.input('image', ['N', 3, 150, 150]);
  let x = graph.node('Sub', [image, graph.constant('mean', [3, 1, 1], mean)]);
  x = relu(conv(x, 'conv32_down', 2));
  x = graph.node('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2] });
  let channels = 32;
  let size = 35;
  for (const name of blocks) {
    if (!name.includes('down')) {
      x = relu(graph.node('Add', [conv(relu(conv(x, `${name}/conv1`, 1)), `${name}/conv2`, 1), x]));
      continue;
    }
    const width = weight(`${name}/conv2/conv/filters`).stored.dims[3]!;
    const convSize = Math.floor((size - 3) / 2) + 1;
    const poolSize = Math.floor(size / 2);
    const inner = conv(relu(conv(x, `${name}/conv1`, 2)), `${name}/conv2`, 1);
    const pooled = graph.node('AveragePool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
    x = relu(
      graph.node('Add', [pad(pooled, width - channels, 0), pad(inner, 0, poolSize - convSize)]),
    );
    [channels, size] = [width, poolSize];
  }
  x = graph.node('Flatten', [graph.node('GlobalAveragePool', [x])]);
  graph.output(
    'embedding',
    ['N', 128],
    graph.node('MatMul', [x, matrix(graph, 'fc', weight('fc'))]),
  );
  return graph;
}

const blocks = [
  ...['conv32_1', 'conv32_2', 'conv32_3'],
  ...['conv64_down', 'conv64_1', 'conv64_2', 'conv64_3'],
  ...['conv128_down', 'conv128_1', 'conv128_2'],
  ...['conv256_down', 'conv256_1', 'conv256_2', 'conv256_down_out'],
];

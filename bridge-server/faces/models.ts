import { join } from 'node:path';
import { packageFolder } from '../folders';

/** Where a network of models/faces lies. */
export const faceModel = (name: 'detector' | 'mesh' | 'identity'): string =>
  join(packageFolder, 'models', 'faces', `${name}.onnx`);

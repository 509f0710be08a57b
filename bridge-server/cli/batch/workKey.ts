import { createHash } from 'node:crypto';
import { completeParameters } from '../../../protocol/parameter';
import { productVersion } from '../../folders';
import type { ModelPackage } from '../../models/modelStore';
import type { Application } from '../application';

/**
 * A hash of everything but the input that decides a result's pixels: equal work has equal keys. Masks,
 * latents and models count by what they hold, not by their names.
 */
export function workKey(application: Application, layer: string, model: ModelPackage): string {
  const { operation, parameters, faces, wholeLayer, mask, latents } = application;
  const { folder, graphPaths, directionsPath, embedded, installedAtMs, ...description } = model;
  void [folder, graphPaths, directionsPath, embedded, installedAtMs];
  const work = {
    version: productVersion,
    operation: operation.id,
    parameters: completeParameters(operation, parameters),
    ...{ faces, layer, wholeLayer },
    model: description,
    mask: mask && [mask.width, mask.height, hash(mask.data)],
    latents: latents && [...latents.shape, hash(latents.data)],
  };
  return hash(Buffer.from(JSON.stringify(work)));
}

const hash = ({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');

import type { InstalledModel } from '../../protocol/model';
import type { ModelPackage } from '../models/modelStore';
import type { Registry } from '../operations/registry';
import { canFit } from './createFitter';
import { serves } from './findModel';

/** A package as hosts are told of it. */
export function describeModel(model: ModelPackage, operations: Registry): InstalledModel {
  const served = operations.all.filter((operation) => serves(model, operation));
  const { name, resolution, nStyles, domain, licence, attribution, terms, measured } = model;
  const ids = served.map((operation) => operation.declaration.id);
  const { embedded } = model;
  const shown = { resolution, nStyles, domain, licence, attribution, terms, measured, embedded };
  return { name, operations: ids, ...shown, fits: canFit(model) };
}

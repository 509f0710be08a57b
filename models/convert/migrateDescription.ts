import { ConvertError } from './errors';
import { styleResolutions } from './families/stylegan2/styleResolutions';
import { readCount, readRecord, type Fields } from './fields';
import { MODEL_FORMAT_VERSION } from './modelDescription';
import { groupStyles } from './styleGroups';

/**
 * A description of any version in the terms of this one; its values are not looked at more than needed.
 * Version 1 knew one operation a package and one family, whose encoders see 256².
 * @throws ConvertError UNSUPPORTED
 */
export function migrateDescription(model: Fields): Fields {
  if (model.formatVersion === MODEL_FORMAT_VERSION) return model;
  if (model.formatVersion === 1) {
    const resolutions = styleResolutions(readCount(model.nStyles, 'nStyles'));
    return {
      ...model,
      family: 'stylegan2',
      operations: [model.operation],
      terms: null,
      input: { ...readRecord(model.input, 'input'), size: 256 },
      styleResolutions: resolutions,
      styleGroups: groupStyles(resolutions),
      directions: null,
    };
  }
  throw new ConvertError(
    'UNSUPPORTED',
    `model.json has formatVersion ${JSON.stringify(model.formatVersion)}; this version reads up to ` +
      `${MODEL_FORMAT_VERSION}. Update pSp Layers, or import the checkpoint again.`,
  );
}

import { ConvertError } from './errors';
import {
  isModelOperation,
  modelOperations,
  type InputKind,
  type ModelOperation,
} from './modelDescription';
import { PickleDict, TensorRef, type PickleValue } from './torch/pickleValues';

/** The parts of a pSp checkpoint: what `torch.save({state_dict, opts, latent_avg})` was given. */
export interface CheckpointParts {
  readonly stateDict: PickleDict;
  readonly latentAverage: TensorRef | null;
  readonly options: TrainingOptions;
}

/** The training options that matter afterwards. */
export interface TrainingOptions {
  readonly operation: ModelOperation | null;
  /** As written, for messages. */
  readonly datasetType: string | null;
  readonly startFromLatentAverage: boolean;
  readonly licence: string | null;
  readonly attribution: string | null;
  readonly domain: string | null;
}

/** configs/data_configs.py of the official code. Toonify was trained as `ffhq_encode`: see `guessOperation`. */
const datasetOperations: Readonly<Record<string, ModelOperation>> = {
  ffhq_encode: 'reconstruct',
  ffhq_frontalize: 'frontalize',
  celebs_sketch_to_face: 'sketch-to-face',
  celebs_seg_to_face: 'labels-to-face',
  celebs_super_resolution: 'super-resolve',
};

/** Others share pSp's tensor names but compute something else with them: e4e adds offsets to one w. */
const encoderTypes = [
  'GradualStyleEncoder',
  'BackboneEncoderUsingLastLayerIntoW',
  'BackboneEncoderUsingLastLayerIntoWPlus',
];

/**
 * Takes a checkpoint's root apart.
 * @param fileName without its folder; `toonify` in it tells that model from plain inversion
 * @throws ConvertError FOREIGN or UNSUPPORTED, telling what the file holds instead.
 */
export function readCheckpointParts(root: PickleValue, fileName: string): CheckpointParts {
  const entries = root instanceof PickleDict ? root.entries : new Map<string, PickleValue>();
  const stateDict = entries.get('state_dict');
  if (!(stateDict instanceof PickleDict)) {
    const found = [...entries.keys()].slice(0, 8).join(', ') || 'something else';
    const hint = entries.has('g_ema') ? ' It is a StyleGAN2 generator without an encoder.' : '';
    throw new ConvertError(
      'FOREIGN',
      `${fileName} is no pSp checkpoint: it holds ${found} instead of state_dict, opts and ` +
        `latent_avg.${hint}`,
    );
  }
  const latentAverage = entries.get('latent_avg');
  const opts = entries.get('opts');
  return {
    stateDict,
    latentAverage: latentAverage instanceof TensorRef ? latentAverage : null,
    options: readOptions(opts instanceof PickleDict ? opts : new PickleDict(), fileName),
  };
}

function readOptions({ entries }: PickleDict, fileName: string): TrainingOptions {
  const text = (name: string): string | null => {
    const value = entries.get(name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const encoderType = text('encoder_type');
  if (encoderType !== null && !encoderTypes.includes(encoderType)) {
    throw new ConvertError(
      'UNSUPPORTED',
      `${fileName} was trained with the encoder "${encoderType}". These are known: ` +
        `${encoderTypes.join(', ')}.`,
    );
  }
  const datasetType = text('dataset_type');
  return {
    operation: readOperation(text('operation'), datasetType, fileName),
    datasetType,
    startFromLatentAverage: entries.get('start_from_latent_avg') === true,
    licence: text('licence'),
    attribution: text('attribution'),
    domain: text('domain'),
  };
}

function readOperation(
  own: string | null,
  datasetType: string | null,
  fileName: string,
): ModelOperation | null {
  if (isModelOperation(own)) return own;
  const known = datasetType !== null && Object.hasOwn(datasetOperations, datasetType);
  const operation = known ? datasetOperations[datasetType]! : null;
  const toonify = /toonify/i.test(`${datasetType} ${fileName}`);
  return toonify && (operation === null || operation === 'reconstruct') ? 'toonify' : operation;
}

/** What a network for an operation is fed with. */
export const inputKindOf = (operation: ModelOperation): InputKind =>
  operation === 'sketch-to-face' ? 'sketch' : operation === 'labels-to-face' ? 'label-map' : 'rgb';

/** @throws ConvertError BAD_OPTION when neither the caller nor the checkpoint tells the operation. */
export function chooseOperation(
  asked: string | undefined,
  options: TrainingOptions,
  fileName: string,
): ModelOperation {
  const operation = asked ?? options.operation;
  if (isModelOperation(operation)) return operation;
  const problem =
    asked !== undefined
      ? `A model cannot serve the operation "${asked}"`
      : options.datasetType !== null
        ? `${fileName} was trained for "${options.datasetType}", which is not known`
        : `${fileName} does not tell what it was trained for`;
  throw new ConvertError(
    'BAD_OPTION',
    `${problem}. Name its operation: ${modelOperations.join(', ')}.`,
  );
}

import { PspError } from '../../../../protocol/errors';
import type { FaceChoice } from '../../../../protocol/face';
import { type OperationDeclaration } from '../../../../protocol/operation';
import { completeParameters } from '../../../../protocol/parameter';
import type { Order } from '../../../core/order';
import type { ActionInfo } from '../api';

/** Raised when an older plug-in could not play a step right. */
const stepVersion = 1;

/*
 * Photoshop keeps a step as an action descriptor, which knows neither null nor mixed lists: the order
 * travels as one JSON text. The prefix keeps Photoshop from showing the keys as properties of its own.
 */
const versionKey = 'org.psp-layers.version';
const orderKey = 'org.psp-layers.order';

type RecordedOrder = Pick<Order, 'model' | 'parameters' | 'faces' | 'hole'>;

export function encodeStep({ model, parameters, faces, hole }: Order): ActionInfo {
  const order: RecordedOrder = { model, parameters, faces, hole };
  return { [versionKey]: stepVersion, [orderKey]: JSON.stringify(order) };
}

/**
 * The order of a recorded step, checked like any other input: actions are files that people share.
 * @throws PspError BAD_INPUT
 */
export function decodeStep(info: unknown, operation: OperationDeclaration): Order {
  const fields = asRecord(info);
  const version = fields[versionKey];
  if (typeof version === 'number' && version > stepVersion) {
    throw new PspError(
      'BAD_INPUT',
      `This step was recorded by a newer pSp Layers (version ${version} of steps, this plug-in plays ${stepVersion}). Update the plug-in.`,
    );
  }
  const order = asRecord(parse(fields[orderKey]));
  const { model, faces, hole, parameters } = order;
  if (version !== stepVersion || !isFaceChoice(faces)) throw notOurs(operation);
  if (model !== null && typeof model !== 'string') throw notOurs(operation);
  if (hole !== 'selection' && hole !== 'transparency') throw notOurs(operation);
  return {
    operation,
    model,
    parameters: completeParameters(operation, asRecord(parameters)),
    faces,
    hole,
    priority: 'batch',
  };
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isFaceChoice = (value: unknown): value is FaceChoice =>
  value === 'all' || value === 'largest' || (Number.isInteger(value) && Number(value) > 0);

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

const notOurs = (operation: OperationDeclaration): PspError =>
  new PspError(
    'BAD_INPUT',
    `This "${operation.label}" step is damaged. Record it again in the Actions panel.`,
  );

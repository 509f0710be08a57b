import { PspError, type ErrorCode } from '../../protocol/errors';
import type { Face, FaceChoice, FaceRefusal } from '../../protocol/face';
import type { OperationDeclaration } from '../../protocol/operation';
import { completeParameters, type ParameterValues } from '../../protocol/parameter';

/** What `inpaint` fills: the document's selection, or the layer's own transparent pixels. */
export type HoleSource = 'selection' | 'transparency';

/** What the user asked for, without the layer: an order can be given again to another layer. */
export interface Order {
  readonly operation: OperationDeclaration;
  /** `null` takes the best installed model that serves the operation. */
  readonly model: string | null;
  readonly parameters: ParameterValues;
  readonly faces: FaceChoice;
  readonly hole: HoleSource;
  readonly priority: 'interactive' | 'batch';
}

export interface ChosenFace {
  readonly face: Face;
  /** Counted from 1, largest first. */
  readonly number: number;
}

const refusals: Readonly<Record<FaceRefusal, string>> = {
  'too-small': 'is too small to work on. Use a larger version of the picture.',
  'turned-away': 'is turned too far away. Choose a face that shows both eyes.',
  unusable: 'cannot be worked on. Choose another.',
};

const refusalCodes: Readonly<Record<FaceRefusal, ErrorCode>> = {
  'too-small': 'FACE_TOO_SMALL',
  'turned-away': 'FACE_TURNED_AWAY',
  unusable: 'NO_FACE',
};

/**
 * The faces an order works on; those that cannot be are left out unless none remains.
 * @param faces largest first
 * @throws PspError NO_FACE, FACE_TOO_SMALL, FACE_TURNED_AWAY, BAD_INPUT
 */
export function chooseFaces(
  faces: readonly Face[],
  choice: FaceChoice,
  layerName: string,
): readonly ChosenFace[] {
  const numbered = faces.map((face, index) => ({ face, number: index + 1 }));
  const [largest] = numbered;
  if (!largest) {
    throw new PspError(
      'NO_FACE',
      `No face was found in the layer "${layerName}". Select a layer that shows a face.`,
    );
  }
  if (typeof choice === 'number') {
    const one = numbered[choice - 1];
    if (!one) {
      throw new PspError(
        'BAD_INPUT',
        `The layer "${layerName}" has ${faces.length} faces; face ${choice} does not exist. Choose another.`,
      );
    }
    return [checked(one)];
  }
  const usable = numbered.filter(({ face }) => face.refusal === null);
  const [first] = usable;
  if (!first) return [checked(largest)];
  return choice === 'largest' ? [first] : usable;
}

function checked(chosen: ChosenFace): ChosenFace {
  const { refusal } = chosen.face;
  if (refusal === null) return chosen;
  throw new PspError(refusalCodes[refusal], `Face ${chosen.number} ${refusals[refusal]}`);
}

/** Everything of an order that decides what it makes of a layer. */
const workOf = ({ operation, model, parameters, faces, hole }: Order): string =>
  JSON.stringify([operation.id, model, completeParameters(operation, parameters), faces, hole]);

/** Whether two orders would make the same of a layer. A selection to fill is not known here: it may be another. */
export function sameWork(a: Order, b: Order): boolean {
  const readsSelection = a.operation.mask === 'required' && a.hole === 'selection';
  return !readsSelection && workOf(a) === workOf(b);
}

/** "frontalize 3f2a91c0": equal for equal work only, and fit for a file's name. */
export function workName(order: Order): string {
  // FNV-1a, 32 bits: a folder holds a handful of works.
  let hash = 0x811c9dc5;
  for (const letter of workOf(order)) {
    hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  }
  return `${order.operation.id} ${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

/** The same order with fresh seeds: the next variants after the ones already drawn. */
export function withNextSeeds(order: Order): Order {
  const parameters = { ...order.parameters };
  const variants = parameters['variants'];
  for (const declared of order.operation.parameters) {
    if (declared.kind !== 'seed') continue;
    const seed = Number(parameters[declared.name] ?? declared.default);
    const step = typeof variants === 'number' ? variants : 1;
    parameters[declared.name] = (seed + step) % (declared.max + 1);
  }
  return { ...order, parameters };
}

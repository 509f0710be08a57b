import { PspError } from '../../protocol/errors';
import type { OperationDeclaration } from '../../protocol/operation';
import { edit } from './edit';
import { frontalize } from './frontalize';
import { inpaint } from './inpaint';
import { labelsToFace } from './labels-to-face';
import type { Operation } from './operation';
import { reconstruct } from './reconstruct';
import { resampleStyle } from './resampleStyle';
import { sketchToFace } from './sketchToFace';
import { superResolve } from './super-resolve';
import { toonify } from './toonify';

/** The operations there are, in the order that panels and menus show. */
export interface Registry {
  readonly all: readonly Operation[];
  readonly declarations: readonly OperationDeclaration[];
  /** @throws PspError BAD_INPUT for an id that is not registered */
  find(id: string): Operation;
}

export function createRegistry(all: readonly Operation[]): Registry {
  const byId = new Map(all.map((operation) => [operation.declaration.id, operation]));
  return {
    all,
    declarations: all.map((operation) => operation.declaration),
    find(id) {
      const operation = byId.get(id);
      if (operation) return operation;
      throw new PspError(
        'BAD_INPUT',
        `There is no operation "${id}". Use one of ${[...byId.keys()].join(', ')}.`,
      );
    },
  };
}

export const operations = createRegistry([
  reconstruct,
  frontalize,
  edit,
  superResolve,
  inpaint,
  resampleStyle,
  sketchToFace,
  labelsToFace,
  toonify,
]);

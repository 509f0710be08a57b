import type { OperationId } from '../../protocol/operation';
import { frontalize } from './frontalize';
import { inpaint } from './inpaint';
import { labelsToFace } from './labels-to-face';
import type { Operation } from './operation';
import { reconstruct } from './reconstruct';
import { resampleStyle } from './resample-style';
import { sketchToFace } from './sketch-to-face';
import { superResolve } from './super-resolve';
import { toonify } from './toonify';

/** Every operation, in the order that panels and menus show. The key type makes a missing line an error. */
export const operations: Readonly<Record<OperationId, Operation>> = {
  reconstruct,
  frontalize,
  'super-resolve': superResolve,
  inpaint,
  'resample-style': resampleStyle,
  'sketch-to-face': sketchToFace,
  'labels-to-face': labelsToFace,
  toonify,
};

export const operationDeclarations = Object.values(operations).map(
  (operation) => operation.declaration,
);

import { operation as decodeOperation } from '../../../protocol/operation';
import { completeParameters, type ParameterDeclaration } from '../../../protocol/parameter';
import { drawing } from '../../../bridge-server/operations/parameters';
import { operations } from '../../../bridge-server/operations/registry';

test.each(operations.declarations)('$id travels as it was declared', (declaration) => {
  expect(decodeOperation(declaration, 'operation')).toEqual(declaration);
});

test.each(operations.declarations)(
  'the defaults of $id are values that it takes',
  (declaration) => {
    const defaults = completeParameters(declaration, {});
    expect(completeParameters(declaration, defaults)).toEqual(defaults);
  },
);

test('every id stands once', () => {
  const ids = operations.declarations.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a parameter of one name is one option of the command line: the same but for its default', () => {
  const seen = new Map<string, ParameterDeclaration>();
  for (const { parameters } of operations.declarations) {
    for (const parameter of parameters) {
      const first = seen.get(parameter.name) ?? parameter;
      seen.set(parameter.name, first);
      expect({ ...parameter, default: first.default }).toEqual(first);
    }
  }
});

test('an operation with variants has every parameter of the drawing', () => {
  const needed = drawing({ variants: 1, alpha: 1, styles: ['fine'] }).map(({ name }) => name);
  for (const { id, variants, parameters } of operations.declarations) {
    const drawn = needed.every((name) => parameters.some((parameter) => parameter.name === name));
    expect({ id, drawn }).toEqual({ id, drawn: variants });
  }
});

test('an id that nobody registered is refused, and those there are are named', () => {
  expect(() => operations.find('nobody-wrote-it')).toThrow(
    expect.objectContaining({
      code: 'BAD_INPUT',
      message: expect.stringContaining('Use one of reconstruct, frontalize'),
    }),
  );
});

test.each([
  ['edit', { lips: 0.5 }, true],
  ['edit', { lips: 0.5, lightSide: 0.2, hairColour: 1 }, true],
  ['edit', { lips: 0.5, smile: 0.2 }, false],
  ['resample-style', { styles: ['fine'] }, true],
  ['resample-style', { styles: ['middle', 'fine'] }, false],
] as const)('%s keeps still where only colours change: %j', (id, values, still) => {
  const operation = operations.find(id);
  expect(operation.still!(completeParameters(operation.declaration, values))).toBe(still);
});

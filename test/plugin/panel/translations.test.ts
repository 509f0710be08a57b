import { operations } from '../../../bridge-server/operations/registry';
import { ko } from '../../../plugin/panel/texts/ko';

/** "÷ 4" reads the same in every language. */
const hasWords = (label: string): boolean => /\p{L}{2}/u.test(label);

test.each(operations.declarations)('$id speaks Korean, every choice of it', (declaration) => {
  const { id, parameters } = declaration;
  expect(Object.keys(ko.operations)).toContain(id);
  const missing = parameters.flatMap((parameter) => {
    const { name } = parameter;
    const choices = 'choices' in parameter ? parameter.choices : [];
    return [
      ...(name in ko.parameters ? [] : [name]),
      ...choices
        .filter(({ label, value }) => hasWords(label) && !ko.choices[name]?.[value])
        .map(({ value }) => `${name}: ${value}`),
    ];
  });
  expect(missing).toEqual([]);
});

test('nothing is translated that is not there any more', () => {
  const { declarations } = operations;
  const parameters = declarations.flatMap((declaration) => declaration.parameters);
  const values = (name: string): string[] =>
    parameters.flatMap((each) =>
      each.name === name && 'choices' in each ? each.choices.map(({ value }) => value) : [],
    );
  const known = {
    operations: declarations.map(({ id }) => id),
    parameters: parameters.map(({ name }) => name),
  };
  expect(known.operations).toEqual(expect.arrayContaining(Object.keys(ko.operations)));
  expect(known.parameters).toEqual(expect.arrayContaining(Object.keys(ko.parameters)));
  for (const [name, choices] of Object.entries(ko.choices)) {
    expect(values(name)).toEqual(expect.arrayContaining(Object.keys(choices)));
  }
});

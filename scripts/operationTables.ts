import type { OperationDeclaration, OperationInput } from '../protocol/operation';
import type { ParameterDeclaration } from '../protocol/parameter';

type Row = readonly string[];

/** Of a layer, in the guide's words. */
const layers: Readonly<Record<OperationInput, string>> = {
  face: 'faces',
  sketch: 'the whole layer, dark lines on white',
  'label-map': 'the whole layer, in [19 colours](#label-colours)',
  'face-or-layer': 'faces, or the layer if it has none',
};

export const operationRows = (declarations: readonly OperationDeclaration[]): readonly Row[] => [
  ['operation', 'what comes back', 'works on'],
  ...declarations.map(({ label, summary, input }) => [label, summary, layers[input]]),
];

/** Of a file, in the command line's. */
const pictures: Readonly<Record<OperationInput, string>> = {
  face: 'faces',
  sketch: 'the whole picture',
  'label-map': 'the whole picture, in the 19 colours of CelebAMask-HQ',
  'face-or-layer': 'faces, or the whole picture where there is none or with `--whole-layer`',
};

export const modelRows = (declarations: readonly OperationDeclaration[]): readonly Row[] => [
  ['`--operation`', 'works on', 'a model for it'],
  ...declarations.map(({ id, input, mask, modelHint }) => [
    `\`${id}\``,
    mask === 'required'
      ? `${pictures[input]} and \`--mask\`, or a transparent part`
      : pictures[input],
    modelHint,
  ]),
];

/** One row for each option: a parameter of one name is the same in every operation but for its default. */
export function parameterRows(declarations: readonly OperationDeclaration[]): readonly Row[] {
  const all = declarations.flatMap(({ id, parameters }) =>
    parameters.map((parameter) => ({ id, parameter })),
  );
  const names = [...new Set(all.map(({ parameter }) => parameter.name))];
  return [
    ['option', 'takes', 'operations, with their defaults', 'what it does'],
    ...names.map((name) => {
      const having = all.filter(({ parameter }) => parameter.name === name);
      const { parameter } = having[0]!;
      return [
        `\`${optionOf(parameter)}\``,
        valuesOf(parameter),
        defaultsOf(having),
        parameter.hint,
      ];
    }),
  ];
}

function optionOf({ kind, name }: ParameterDeclaration): string {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return kind === 'switch' ? `--no-${words}` : `--${words}`;
}

function valuesOf(parameter: ParameterDeclaration): string {
  switch (parameter.kind) {
    case 'number':
      return `${parameter.min} to ${parameter.max}`;
    case 'seed':
      return 'a whole number';
    case 'choice':
      return parameter.choices.map(({ value }) => `\`${value}\``).join(' ');
    case 'set':
      return `any of \`${parameter.choices.map(({ value }) => value).join(',')}\``;
    case 'switch':
      return '';
  }
}

/** "all: 1", or each default with the operations that have it. */
function defaultsOf(
  having: readonly { readonly id: string; readonly parameter: ParameterDeclaration }[],
): string {
  const byDefault = new Map<string, string[]>();
  for (const { id, parameter } of having) {
    const preset = typeof parameter.default === 'boolean' ? 'on' : String(parameter.default);
    byDefault.set(preset, [...(byDefault.get(preset) ?? []), id]);
  }
  return [...byDefault].map(([preset, ids]) => `${ids.join(', ')}: ${preset}`).join('; ');
}

/** A table as Prettier lays it out: the first row is the head. */
export function markdownTable(rows: readonly Row[]): string {
  const widths = rows[0]!.map((_, column) =>
    Math.max(3, ...rows.map((row) => [...row[column]!].length)),
  );
  const line = (row: Row): string =>
    `| ${row.map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length)).join(' | ')} |`;
  const [head, ...body] = rows;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head!), rule, ...body.map(line), ''].join('\n');
}

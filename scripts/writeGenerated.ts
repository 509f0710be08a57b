import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '../bridge-server/operations/registry';
import { handlerOf } from '../plugin/hosts/photoshop/actions/operationCommands';
import type { Texts } from '../plugin/panel/texts';
import { en } from '../plugin/panel/texts/en';
import { ko } from '../plugin/panel/texts/ko';
import type { OperationDeclaration } from '../protocol/operation';
import { faceParts } from '../protocol/facePart';
import { samePerson } from '../protocol/samePerson';
import { markdownTable, modelRows, operationRows, parameterRows } from './operationTables';

interface Source {
  readonly version: string;
  readonly declarations: readonly OperationDeclaration[];
  /** The file as it is: what is not generated of it stays. */
  readonly written: string;
}

/** Small enough for Photoshop's first script, and known before any bridge is there to ask. */
const photoshopCommands = ({ declarations }: Source): string =>
  [
    '/** Written by "npm run write:generated": every operation and its name in Photoshop\'s menus. */',
    'export const operationLabels: Readonly<Record<string, string>> = {',
    ...declarations.map(({ id, label }) => `  ${key(id)}: ${quote(label)},`),
    '};',
    '',
  ].join('\n');

const declaredWords = ({ operations, parameters, choices }: Texts): object => ({
  operations,
  parameters,
  choices,
});

function manifest({ version, declarations, written }: Source): string {
  const present = JSON.parse(written) as {
    readonly entrypoints: readonly { readonly type: string }[];
  };
  const commands = declarations.map(({ id, label }) => ({
    type: 'command',
    id: handlerOf(id),
    label: { default: label },
  }));
  const others = present.entrypoints.filter(({ type }) => type !== 'command');
  return json({ ...present, version, entrypoints: [...others, ...commands] });
}

/** Every file that holds something of the declarations or of the version, and what it should hold. */
export const generated: Readonly<Record<string, (source: Source) => string>> = {
  // Installed as it is, with the plug-ins of GIMP and Krita: the file is committed.
  'plugin/hosts/python/psp_client/operations.json': ({ version, declarations }) =>
    json({
      version,
      samePerson,
      parts: faceParts.map((value) => ({ value, label: en.parts.names[value] })),
      operations: declarations,
      translations: { ko: { ...declaredWords(ko), parts: ko.parts.names } },
    }),
  'plugin/hosts/photoshop/actions/operationLabels.ts': photoshopCommands,
  'manifest.json': manifest,
  'plugin/hosts/browser/version.ts': ({ version }) =>
    `/** Written by "npm run write:generated". */\nexport const version = ${quote(version)};\n`,
  'docs/guide.md': ({ declarations, written }) =>
    between(written, 'operations', markdownTable(operationRows(declarations))),
  'docs/command-line.md': ({ declarations, written }) =>
    between(
      between(written, 'models', markdownTable(modelRows(declarations))),
      'parameters',
      markdownTable(parameterRows(declarations)),
    ),
};

/** What a generated file should hold, given what it holds. */
export function generate(
  root: string,
  file: string,
  declarations: readonly OperationDeclaration[] = operations.declarations,
): string {
  const read = (name: string): string => readFileSync(join(root, name), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  let written = '';
  try {
    written = read(file);
  } catch {
    // A new file.
  }
  return generated[file]!({ version, declarations, written });
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const quote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
const key = (id: string): string => (/^[a-z]+$/.test(id) ? id : quote(id));

/** @throws Error when the file has no such place */
function between(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- generated: ${name} -->`, '<!-- end -->'];
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`There is no ${start} … ${end}.`);
  return `${text.slice(0, from)}${start}\n\n${content}\n${text.slice(to)}`;
}

if (require.main === module) {
  const root = process.cwd();
  for (const file of Object.keys(generated)) {
    writeFileSync(join(root, file), generate(root, file));
  }
}

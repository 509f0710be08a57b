import { Command } from 'commander';
import { addApplicationOptions, readApplication } from '../bridge-server/cli/applicationOptions';
import { defineOperation, toSigned } from '../bridge-server/operations/operation';
import { createRegistry, operations } from '../bridge-server/operations/registry';
import { BridgeClient } from '../plugin/core/bridge/bridgeClient';
import { defaultSettings, parametersFor } from '../plugin/core/settings';
import { operationLabel, parameterLabel } from '../plugin/panel/texts';
import { ko } from '../plugin/panel/texts/ko';
import { generate } from '../scripts/writeGenerated';
import { nodeRuntime, startTestServer, stopAll, until } from './support/bridgeServer';

/** What CONTRIBUTING.md's recipe makes: one operation with one slider. */
const age = defineOperation({
  declaration: {
    id: 'age',
    label: 'Age',
    summary: 'The face older or younger.',
    input: 'face',
    composition: 'change',
    mask: 'none',
    variants: false,
    parameters: [
      {
        kind: 'number',
        name: 'years',
        label: 'Years',
        hint: 'How much older.',
        default: 10,
        min: -30,
        max: 30,
        step: 1,
      },
    ],
    modelHint: 'psp_ffhq_encode.pt',
  },
  servedBy: ['reconstruct'],
  encoderInput: (source) => toSigned(source.rgb),
  edit: ({ data, shape }, { years }) => ({ data: data.map((value) => value + years), shape }),
});
const registry = createRegistry([...operations.all, age]);

afterAll(stopAll);

test('a client finds it in the capabilities, and the panel has its slider', async () => {
  const server = await startTestServer({ operations: registry.declarations });
  const client = new BridgeClient(nodeRuntime(), {
    url: server.url,
    client: { name: 'Test', version: '1' },
    tokens: { load: async () => server.token, save: async () => undefined },
  });
  client.start();
  await until(client, 'ready');
  const { value } = client.state;
  const { operations: known } = value.kind === 'ready' ? value.capabilities : { operations: [] };
  client.stop();
  const found = known.find(({ id }) => id === 'age')!;
  expect(found).toEqual(age.declaration);
  // What the panel's form shows and keeps; it falls back to the declaration's own words.
  expect(operationLabel(ko, found)).toBe('Age');
  expect(parameterLabel(ko, found.parameters[0]!)).toBe('Years');
  expect(parametersFor(defaultSettings, found)).toEqual({ years: 10 });
  const kept = { ...defaultSettings, parameters: { age: { years: -4 } } };
  expect(parametersFor(kept, found)).toEqual({ years: -4 });
});

test('the command line takes its option', async () => {
  const command = addApplicationOptions(new Command(), registry);
  command.parse(['--operation', 'age', '--years', '-5'], { from: 'user' });
  expect(command.helpInformation()).toContain('--years <number>');
  const application = await readApplication(command.opts(), registry);
  expect(application).toMatchObject({ operation: age.declaration, parameters: { years: -5 } });
});

test("the Python hosts' declarations, Photoshop's menu and the guide have it", () => {
  const file = (name: string): string => generate('.', name, registry.declarations);
  const { operations: gimp } = JSON.parse(
    file('plugin/hosts/python/psp_client/operations.json'),
  ) as {
    operations: unknown[];
  };
  expect(gimp).toContainEqual(age.declaration);
  expect(file('manifest.json')).toContain('"pspLayersAge"');
  expect(file('plugin/hosts/photoshop/actions/operationLabels.ts')).toContain("age: 'Age'");
  expect(file('docs/guide.md')).toMatch(/\| Age +\| The face older or younger\./);
  expect(file('docs/command-line.md')).toContain('`--years`');
});

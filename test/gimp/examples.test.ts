import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stopAll } from '../support/bridgeServer';
import { startPair } from './support/fakeBridge';
import { describeGimp } from './support/gimpRoot';
import type { GimpSession } from './support/gimpSession';

/** The code block of a language in docs/gimp.md, its files moved into a folder. */
async function example(language: string, folder: string): Promise<string> {
  const guide = await readFile('docs/gimp.md', 'utf8');
  const block = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(guide)?.[1];
  if (!block) throw new Error(`docs/gimp.md has no example in ${language}`);
  return block.replaceAll(/(["'])(portrait\.\w+)\1/g, `$1${folder}/$2$1`);
}

describeGimp('the examples of the guide', () => {
  let gimp: GimpSession;
  beforeAll(async () => {
    ({ gimp } = await startPair());
    await copyFile('test/fixtures/astronaut.png', join(gimp.folder, 'portrait.png'));
  });
  afterAll(async () => {
    await gimp.close();
    await stopAll();
  });

  const run = (procedure: string, argument: string, code: string): Promise<string[]> =>
    gimp.run(`
procedure = pdb.lookup_procedure('${procedure}')
config = procedure.create_config()
config.set_property('${argument}', ${JSON.stringify(code)})
if procedure.run(config).index(0) != Gimp.PDBStatusType.SUCCESS:
    raise RuntimeError(pdb.get_last_error())
answer = [layer.get_name() for layer in load('portrait.xcf').get_layers()]
`);

  test('Script-Fu', async () => {
    const code = await example('scheme', gimp.folder);
    expect(await run('plug-in-script-fu-eval', 'script', code)).toEqual([
      'Fake resample-style · seed 7',
      'Background',
    ]);
  });

  test('Python', async () => {
    const code = await example('python', gimp.folder);
    expect(await run('python-fu-eval', 'script', code)).toEqual([
      'Fake frontalize · seed 0',
      'Background',
    ]);
  });
});

import {
  copyFile,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import sharp from 'sharp';
import { addApplyCommand } from '../../../bridge-server/cli/apply';
import { addBatchCommand } from '../../../bridge-server/cli/batch';
import { makeFolder } from '../../../bridge-server/documents/resultFolder';
import { writeLayeredDocument } from '../../../bridge-server/documents/writeLayeredDocument';
import { readPhotograph } from '../../../bridge-server/image/readPhotograph';
import { importCheckpoint } from '../../../bridge-server/models/importCheckpoint';
import { openProcessor, userModelsFolder } from '../../../bridge-server/openProcessor';
import type { Processor } from '../../../bridge-server/processor/processor';
import { operations } from '../../../bridge-server/operations/registry';
import { readWithAgPsd } from '../../support/agPsd';

/** What happens to the user's files: the commands themselves, in this process. */
jest.setTimeout(60_000);

const fixtures = join(__dirname, '..', '..', 'fixtures');
let processor: Processor;
let home: string;
let face: Buffer;
let folder: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'psp-layers-home-'));
  process.env['PSP_LAYERS_HOME'] = home;
  process.env['PSP_LAYERS_PROVIDER'] = 'cpu';
  for (const [name, fixture, operation] of [
    ['tiny', 'tiny-encode', 'reconstruct'],
    ['tiny-fill', 'tiny-encode-legacy', 'inpaint'],
  ] as const) {
    const file = join(fixtures, 'psp', fixture, 'checkpoint.pt');
    const modelsFolder = userModelsFolder();
    await importCheckpoint({ file, modelsFolder, name, operation, precision: 'float32' });
  }
  processor = await openProcessor();
  const crop = { left: 110, top: 0, width: 230, height: 230 };
  face = await sharp(join(fixtures, 'astronaut.png')).extract(crop).png().toBuffer();
});
afterAll(async () => {
  await processor.close();
  await rm(home, { recursive: true });
  delete process.env['PSP_LAYERS_HOME'];
  delete process.env['PSP_LAYERS_PROVIDER'];
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'psp-layers-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]): string => join(folder, ...names);

interface Run {
  readonly out: readonly string[];
  readonly log: string;
}

/** @param during called when the networks have run, before anything is written */
async function pspLayers(
  args: readonly string[],
  during: () => Promise<unknown> = async () => undefined,
): Promise<Run> {
  const out: string[] = [];
  const log: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    log: (text: string) => void log.push(text),
    progress: () => undefined,
  };
  const interrupted: Processor = {
    ...processor,
    run: async (...work) => {
      const result = await processor.run(...work);
      await during();
      return result;
    },
  };
  const context = {
    operations,
    terminal,
    signal: new AbortController().signal,
    processor: async () => interrupted,
    close: async () => undefined,
  };
  const program = new Command().exitOverride();
  addApplyCommand(program, context);
  addBatchCommand(program, context);
  await program.parseAsync(['node', 'psp-layers', ...args]);
  return { out, log: log.join('\n') };
}

const operation = (id: string): string[] => [
  '--operation',
  id,
  '--model',
  id === 'inpaint' ? 'tiny-fill' : 'tiny',
];
const apply = (input: string, id: string, ...more: string[]): Promise<Run> =>
  pspLayers(['apply', input, ...operation(id), ...more]);
const batch = (inputs: readonly string[], id: string, ...more: string[]): Promise<Run> =>
  pspLayers(['batch', ...inputs, ...operation(id), ...more]);

async function photo(...names: string[]): Promise<string> {
  const file = at(...names);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, face);
  return file;
}

async function document(...names: string[]): Promise<string> {
  const picture = await photo('picture.png');
  const file = at(...names);
  await mkdir(dirname(file), { recursive: true });
  await writeLayeredDocument({ file, replaces: null }, await readPhotograph(picture), []);
  await rm(picture);
  return file;
}

const layerNames = async (file: string): Promise<string[]> =>
  (readWithAgPsd(await readFile(file)).children ?? []).map(({ name }) => name ?? '');
const text = (file: string): Promise<string> => readFile(file, 'utf8');
const psds = async (...names: string[]): Promise<string[]> =>
  (await readdir(at(...names))).filter((name) => name.endsWith('.psd')).sort();

describe('how layers were made', () => {
  const noted = async (file: string): Promise<string> =>
    (await readFile(file)).toString('latin1').match(/<pspLayers:made>.*<\/pspLayers:made>/)?.[0] ??
    '';

  test('stands in the XMP of a new PSD, and of a PNG for its own variant', async () => {
    const input = await photo('a.png');
    await apply(input, 'reconstruct', '--output', at('a.psd'), '--set', 'feather=0.2');
    const said = await noted(at('a.psd'));
    expect(said.match(/<rdf:li/g)).toHaveLength(1);
    expect(said).toContain('<pspLayers:operation>reconstruct</pspLayers:operation>');
    expect(said).toContain('<pspLayers:model>tiny</pspLayers:model>');
    expect(said).toContain('&#34;feather&#34;:0.2');
    await apply(
      input,
      'resample-style',
      '--variants',
      '2',
      '--seed',
      '40',
      '--output',
      at('b.png'),
    );
    expect(await noted(at('b-2.png'))).toContain('<pspLayers:seed>41</pspLayers:seed>');
    expect(await noted(at('b-2.png'))).not.toContain('<pspLayers:seed>40</pspLayers:seed>');
  });

  test('is added to that of a PSD, and left out where it is not wanted', async () => {
    const file = await document('doc.psd');
    await apply(file, 'reconstruct', '--in-place');
    await apply(file, 'reconstruct', '--in-place');
    expect((await noted(file)).match(/<rdf:li/g)).toHaveLength(2);
    const quiet = await document('quiet.psd');
    await apply(quiet, 'reconstruct', '--in-place', '--no-note');
    expect(await noted(quiet)).toBe('');
  });
});

describe('names of results', () => {
  test('numbered ones never replace the input or another file', async () => {
    const input = await photo('shot-1.png');
    const drawn = ['--variants', '2', '--output', at('shot.png')];
    await expect(apply(input, 'resample-style', ...drawn)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(`The output is the input, ${input}`),
    });
    await expect(apply(input, 'resample-style', ...drawn, '--overwrite')).rejects.toMatchObject({
      message: expect.stringContaining('The output is the input'),
    });
    await writeFile(at('v-2.png'), 'mine');
    await writeFile(at('v-latents-1.npy'), 'mine too');
    const other = ['--variants', '2', '--output', at('v.png'), '--save-latents'];
    await expect(apply(input, 'resample-style', ...other)).rejects.toMatchObject({
      message: `${at('v-2.png')}, ${at('v-latents-1.npy')} exist. Name another file, or add --overwrite.`,
    });
    expect(Buffer.compare(await readFile(input), face)).toBe(0);
    expect(await readdir(folder)).toEqual(['shot-1.png', 'v-2.png', 'v-latents-1.npy']);
    const { out } = await apply(input, 'resample-style', ...other, '--overwrite');
    expect(out).toHaveLength(4);
  });

  test('those of native faces are checked too, though their number is found by looking', async () => {
    const create = { width: 460, height: 230, channels: 3, background: '#888' } as const;
    const pair = [0, 230].map((left) => ({ input: face, left, top: 0 }));
    await sharp({ create }).composite(pair).toFile(at('in.png'));
    await writeFile(at('n-2.psd'), 'mine');
    const native = ['--native', '--output', at('n.psd')];
    await expect(apply(at('in.png'), 'super-resolve', ...native)).rejects.toMatchObject({
      message: expect.stringContaining('n-2.psd exists'),
    });
    expect(await readdir(folder)).toEqual(['in.png', 'n-2.psd']);
  });

  test('a linked folder leads back to no input, nor does a mask become the result', async () => {
    const input = await photo('q', 'a.png');
    await symlink('q', at('lq'));
    const linked = ['--output', at('lq', 'a.png'), '--overwrite'];
    await expect(apply(input, 'reconstruct', ...linked)).rejects.toMatchObject({
      message: expect.stringContaining('The output is the input'),
    });
    const mask = at('mask.png');
    await sharp(face).threshold(250).toFile(mask);
    const before = await readFile(mask);
    const filled = ['--mask', mask, '--output', mask, '--overwrite'];
    await expect(apply(input, 'inpaint', ...filled)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(Buffer.compare(await readFile(input), face)).toBe(0);
    expect(Buffer.compare(await readFile(mask), before)).toBe(0);
  });

  test('what appears under a name meanwhile stays, and the result says where it is', async () => {
    const input = await photo('in.png');
    const theirs = () => writeFile(at('out.psd'), 'theirs');
    const args = ['apply', input, ...operation('reconstruct'), '--output', at('out.psd')];
    const { out, log } = await pspLayers(args, theirs);
    expect(out).toEqual([at('out-v2.psd')]);
    expect(log).toContain('out.psd was made by another program meanwhile and was kept as it is.');
    expect(await text(at('out.psd'))).toBe('theirs');
  });
});

/** The networks would have worked for nothing. */
const neverDrawn = jest.fn(async () => undefined);

test('of a file with several pictures the first is worked on, and that is said', async () => {
  const [gif, tiff] = [at('a.gif'), at('a.tif')];
  const frames = [face, await sharp(face).negate().png().toBuffer()];
  await sharp(frames, { join: { animated: true } })
    .gif()
    .toFile(gif);
  await sharp(face).tiff({ pyramid: true, tile: true }).toFile(tiff);
  const { log } = await apply(gif, 'reconstruct', '--output', at('b.psd'));
  expect(log).toContain(`${gif} holds 2 pictures: the first was worked on.`);
  // Reduced versions of it are no pictures of their own.
  expect((await apply(tiff, 'reconstruct', '--output', at('c.psd'))).log).not.toContain('holds');
});

describe('where no result can be', () => {
  afterEach(() => expect(neverDrawn).not.toHaveBeenCalled());
  const refused = async (where: string, args: readonly string[]) =>
    pspLayers([...args, ...operation('reconstruct'), '--output', where], neverDrawn).catch(
      (error: Error) => error.message,
    );

  test('is said before anything is drawn', async () => {
    const input = await photo('a.png');
    const missing = at('missing', 'a.psd');
    expect(await refused(missing, ['apply', input])).toBe(
      `${missing} cannot be written: there is no such file or folder. Write it elsewhere.`,
    );
    const psd = at('missing', 'b.psd');
    expect(await refused(psd, ['apply', await document('b.psd')])).toContain('cannot be written');
  });

  test('a file is in the way of a folder, or a listed one is gone: each says so', async () => {
    const input = await photo('a.png');
    const reasons = async (...inputs: readonly string[]) => {
      const args = ['batch', ...inputs, ...operation('reconstruct'), '--results', at('r.jsonl')];
      await pspLayers(args, neverDrawn).catch(() => undefined);
      const { code, reason } = JSON.parse(await text(at('r.jsonl'))) as Record<string, string>;
      return [code, reason];
    };
    expect(await reasons(input, '--output', await photo('taken'))).toEqual([
      'OUTPUT_FAILED',
      `${at('taken')} cannot be written: there is a file of that name. Write it elsewhere.`,
    ]);
    await writeFile(at('list'), at('gone.png'));
    expect(await reasons('--files-from', at('list'), '--output', at('o'))).toEqual([
      'BAD_INPUT',
      `There is no file ${at('gone.png')}. Check its name.`,
    ]);
  });

  test('a system that lets nobody make a folder is not asked for ever', async () => {
    if (process.platform !== 'linux') return;
    await expect(makeFolder('/proc/results')).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message:
        '/proc/results cannot be written: there is no such file or folder. Write it elsewhere.',
    });
  });
});

describe('batch', () => {
  test('three inputs have three results, whichever part of the folder is run', async () => {
    for (const name of ['photo.png', 'photo.tif', 'photo-tif.webp']) await photo('s', name);
    const part = await batch([at('s', 'photo.tif')], 'reconstruct');
    expect(part.out).toEqual([at('s', 'reconstruct', 'photo-s-tif-reconstruct.psd')]);
    const { log } = await batch([at('s')], 'reconstruct');
    expect(log).toContain('1 were done by an earlier run.');
    expect(await psds('s', 'reconstruct')).toHaveLength(3);
    const again = await batch([at('s', 'photo.png')], 'reconstruct');
    expect(again.log).toContain('1 were done by an earlier run.');
  });

  test('so have three folders with one output', async () => {
    for (const name of ['A', 'B', 'C']) await photo(name, 'IMG_1.png');
    await batch([at('A'), at('B'), at('C')], 'reconstruct', '--output', at('out'));
    expect(await psds('out')).toEqual([
      'IMG_1-B-reconstruct.psd',
      'IMG_1-C-reconstruct.psd',
      'IMG_1-reconstruct.psd',
    ]);
    const { log } = await batch([at('C')], 'reconstruct', '--output', at('out'));
    expect(log).toContain('1 were done by an earlier run.');
  });

  test('a retouched result is kept; the new one lies beside it, and is found again', async () => {
    await photo('s', 'p.png');
    await batch([at('s')], 'reconstruct');
    const first = at('s', 'reconstruct', 'p-reconstruct.psd');
    await writeFile(first, 'retouched by hand');
    expect((await batch([at('s')], 'reconstruct')).log).toContain('1 were done by an earlier run');
    const { out, log } = await batch([at('s')], 'reconstruct', '--area', 'head');
    expect(await text(first)).toBe('retouched by hand');
    expect(out).toEqual([at('s', 'reconstruct', 'p-reconstruct-v2.psd')]);
    expect(log).toContain('p-reconstruct.psd was changed since this batch wrote it and is kept');
    const again = await batch([at('s')], 'reconstruct', '--area', 'head');
    expect(again.log).toContain('1 were done by an earlier run');
  });

  test('done is what was done with the same seed, mask, picture and parameters', async () => {
    await photo('s', 'p.png');
    const result = at('s', 'resample-style', 'p-resample-style.psd');
    for (const seed of ['1', '2', '1']) {
      await batch([at('s')], 'resample-style', '--variants', '1', '--seed', seed);
      expect((await layerNames(result)).at(-1)).toMatch(new RegExp(`seed ${seed}$`));
    }
    const same = await batch([at('s')], 'resample-style', '--variants', '1');
    expect(same.log).toContain('1 were done by an earlier run.');
    const forced = await batch([at('s')], 'resample-style', '--variants', '1', '--overwrite');
    expect(forced.out).toEqual([result]);
    const turned = await sharp(face).flop().png().toBuffer();
    await writeFile(at('s', 'p.png'), turned);
    const changed = await batch([at('s')], 'resample-style', '--variants', '1');
    expect(changed.out).toEqual([result]);
  });

  test('a mask is what is in its file', async () => {
    await photo('s', 'p.png');
    const hole = (left: number): Promise<unknown> =>
      sharp({ create: { width: 230, height: 230, channels: 3, background: '#000' } })
        .composite([
          {
            input: { create: { width: 30, height: 30, channels: 3, background: '#fff' } },
            left,
            top: 100,
          },
        ])
        .png()
        .toFile(at('mask.png'));
    const fill = () => batch([at('s')], 'inpaint', '--mask', at('mask.png'));
    await hole(80);
    await fill();
    expect((await fill()).log).toContain('1 were done by an earlier run.');
    await hole(120);
    expect((await fill()).out).toHaveLength(1);
  });

  test('a folder that was moved with its inputs is known again', async () => {
    await photo('s', 'p.png');
    await batch([at('s')], 'reconstruct');
    await rename(at('s'), at('t'));
    expect((await batch([at('t')], 'reconstruct')).log).toContain('1 were done by an earlier run.');
    await cp(at('t'), at('u'), { recursive: true });
    expect((await batch([at('u')], 'reconstruct')).log).toContain('1 were done by an earlier run.');
  });

  test('linked photographs are worked on, and links that lead nowhere are named', async () => {
    await photo('elsewhere', 'b.png');
    await photo('L', 'a.png');
    await symlink('../elsewhere/b.png', at('L', 'b.png'));
    await symlink('../elsewhere/c.png', at('L', 'c.png'));
    const { out, log } = await batch([at('L')], 'reconstruct');
    expect(out).toHaveLength(2);
    expect(log).toContain(`${at('L', 'c.png')} is a link that leads nowhere, and was left out.`);
  });
});

describe('in place', () => {
  test('a link stays one; the real file has the layer, its backup is as it was', async () => {
    const real = await document('nas', 'real.psd');
    const before = await readFile(real);
    await symlink('nas/real.psd', at('w.psd'));
    const { log } = await apply(at('w.psd'), 'reconstruct', '--in-place');
    expect((await lstat(at('w.psd'))).isSymbolicLink()).toBe(true);
    expect(await layerNames(real)).toEqual(['Source', 'Reconstruct · face 1 · tiny']);
    expect(log).toContain(`The file as it was: ${real}.bak`);
    expect((await lstat(`${real}.bak`)).isFile()).toBe(true);
    expect(Buffer.compare(await readFile(`${real}.bak`), before)).toBe(0);
  });

  test('what another program saved meanwhile is kept, and the result lies beside it', async () => {
    const file = await document('d.psd');
    const newer = await document('newer.psd');
    await writeFile(newer, 'newer');
    const args = ['apply', file, ...operation('reconstruct'), '--in-place'];
    const { out, log } = await pspLayers(args, () => rename(newer, file));
    expect(await text(file)).toBe('newer');
    expect(out).toEqual([at('d-reconstruct.psd')]);
    expect(await layerNames(out[0]!)).toContain('Reconstruct · face 1 · tiny');
    expect(log).toContain('d.psd was changed by another program meanwhile and was kept as it is');
    expect(await readdir(folder)).toEqual(['d-reconstruct.psd', 'd.psd']);
  });

  test('bytes that are written into the file while it is read make no result', async () => {
    const file = await document('d.psd');
    const args = ['apply', file, ...operation('reconstruct'), '--in-place'];
    const copy = await document('copy.psd');
    await expect(pspLayers(args, () => copyFile(copy, file))).rejects.toMatchObject({
      code: 'DOCUMENT_CHANGED',
    });
    expect(await readdir(folder)).toEqual(['copy.psd', 'd.psd']);
  });

  test('operations in turn work on the photograph, not on each other, unless asked to', async () => {
    const file = await document('d.psd');
    const one = ['--variants', '1', '--in-place'];
    const [reconstruct, drawn] = [
      'Reconstruct · face 1 · tiny',
      'Resample style · face 1 · tiny · seed 1',
    ];
    await batch([file], 'reconstruct', '--in-place');
    // The tiny model draws no faces: that none is found shows where one was looked for.
    const asked = apply(file, 'resample-style', ...one, '--layer', reconstruct!);
    await expect(asked).rejects.toMatchObject({
      message: expect.stringContaining(`No face was found in the layer "${reconstruct}"`),
    });
    await batch([file], 'resample-style', ...one);
    await batch([file], 'reconstruct', '--in-place');
    expect(await layerNames(file)).toEqual(['Source', reconstruct, drawn, reconstruct]);
  });

  test('one file under two names is changed once', async () => {
    const file = await document('s', 'd.psd');
    await symlink('d.psd', at('s', 'e.psd'));
    const { out, log } = await batch([at('s')], 'reconstruct', '--in-place');
    expect(out).toEqual([file]);
    expect(log).toContain('e.psd is another name of a file in the list');
  });
});

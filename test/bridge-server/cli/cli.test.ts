import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';
import { readWithAgPsd } from '../../support/agPsd';

/** The real command, as built, in a process of its own. */
const root = join(__dirname, '..', '..', '..');
const fixtures = join(root, 'test', 'fixtures');
const photo = join(fixtures, 'astronaut.png');
let folder: string;

interface Run {
  readonly code: number;
  readonly out: string;
  readonly log: string;
}

function pspLayers(...args: string[]): Promise<Run> {
  const env = {
    ...process.env,
    PSP_LAYERS_HOME: join(folder, 'home'),
    PSP_LAYERS_PROVIDER: 'cpu',
  };
  const command = join(root, 'dist', 'bridge-server', 'cli', 'main.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { env }, (error, out, log) => {
      resolve({ code: error ? Number(error.code) : 0, out, log });
    });
  });
}

const file = (name: string): string => join(folder, name);
const hash = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'psp-layers-cli-'));
  for (const [name, fixture, operation] of [
    ['tiny', 'tiny-encode', 'reconstruct'],
    ['tiny-fill', 'tiny-encode-legacy', 'inpaint'],
  ] as const) {
    const checkpoint = join(fixtures, 'psp', fixture, 'checkpoint.pt');
    const run = await pspLayers(
      'models',
      'import',
      checkpoint,
      '--name',
      name,
      '--operation',
      operation,
    );
    expect(run).toMatchObject({ code: 0, out: `${join(folder, 'home', 'models', name)}\n` });
  }
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

test('apply writes a PSD: the untouched photograph, and above it a group of masked variants', async () => {
  const before = await hash(photo);
  const output = file('variants.psd');
  const run = await pspLayers(
    ...['apply', photo, '--operation', 'resample-style', '--model', 'tiny', '--output', output],
    ...['--variants', '2', '--seed', '7', '--styles', 'coarse,fine', '--alpha', '0.5'],
  );
  expect(run.log).toContain('Resample style · face 1 · tiny · seed 7');
  expect(run).toMatchObject({ code: 0, out: `${output}\n` });
  expect(await hash(photo)).toBe(before);

  const psd = readWithAgPsd(await readFile(output));
  expect(psd.children?.map(({ name }) => name)).toEqual(['Source', 'Resample style']);
  const group = psd.children?.[1]?.children ?? [];
  expect(group.map(({ name }) => name)).toEqual([
    'Resample style · face 1 · tiny · seed 7',
    'Resample style · face 1 · tiny · seed 8',
  ]);
  expect(group[0]?.mask?.imageData?.width).toBeGreaterThan(50);
  const { data } = await sharp(photo).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(Buffer.from(psd.children![0]!.imageData!.data.buffer).equals(data)).toBe(true);
}, 60_000);

test('--json describes the layers; a PNG is flattened, and stays the photograph outside the mask', async () => {
  const output = file('flat.png');
  const args = ['--operation', 'reconstruct', '--model', 'tiny', '--output', output, '--json'];
  const run = await pspLayers('apply', photo, ...args);
  const { files, layers } = JSON.parse(run.out) as {
    files: string[];
    layers: { name: string; seed: null; identity: number }[];
  };
  expect(files).toEqual([output]);
  expect(layers).toMatchObject([{ name: 'Reconstruct · face 1 · tiny', seed: null }]);
  const corner = { left: 0, top: 300, width: 512, height: 200 };
  const pixels = (path: string): Promise<Buffer> => sharp(path).extract(corner).raw().toBuffer();
  expect((await pixels(output)).equals(await pixels(photo))).toBe(true);
}, 60_000);

test('saved latents make the same layer again, without the encoder', async () => {
  const reconstruct = [
    '--operation',
    'reconstruct',
    '--model',
    'tiny',
    '--json',
    '--no-match-grain',
  ];
  const first = await pspLayers(
    ...['apply', photo, ...reconstruct, '--output', file('a.png'), '--save-latents'],
  );
  const { files } = JSON.parse(first.out) as { files: string[] };
  expect(files).toEqual([file('a.png'), file('a-latents-1.npy')]);
  const again = await pspLayers(
    ...['apply', photo, ...reconstruct, '--output', file('b.png'), '--latents', files[1]!],
  );
  expect(again.code).toBe(0);
  expect(await hash(file('b.png'))).toBe(await hash(file('a.png')));
}, 60_000);

test('faces are listed for people and for scripts', async () => {
  const run = await pspLayers('faces', photo);
  expect(run.out).toMatch(/^face 1: \d+ × \d+ at \d+, \d+, score 0\.\d+, yaw -?0\.\d+\n$/);
  const { faces } = JSON.parse((await pspLayers('faces', photo, '--json')).out) as {
    faces: { quad: unknown[]; landmarks: object }[];
  };
  expect(faces).toHaveLength(1);
  expect(faces[0]?.quad).toHaveLength(4);
}, 60_000);

test('the parts of the faces are written as a label map of the size of the picture', async () => {
  const map = file('parts.png');
  const run = await pspLayers('faces', photo, '--parts', map);
  expect(run.log).toContain(`Label map: ${map}`);
  const { width, height, hasAlpha } = await sharp(map).metadata();
  const original = await sharp(photo).metadata();
  expect([width, height, hasAlpha]).toEqual([original.width, original.height, true]);
  const { channels } = await sharp(map).stats();
  // Skin is pure red; much of the picture lies outside the crop.
  expect(channels[0]!.mean).toBeGreaterThan(channels[1]!.mean);
  expect(channels[3]!.min).toBe(0);
}, 60_000);

describe('bad input is refused in a line, with an exit code, before anything is written', () => {
  const apply = (input: string, ...args: string[]): Promise<Run> =>
    pspLayers('apply', input, '--operation', 'reconstruct', '--model', 'tiny', ...args);

  const documents = async (): Promise<string[]> =>
    (await readdir(folder)).filter((entry) => /\.(psd|part)$/.test(entry));

  async function picture(name: string, width: number, height: number): Promise<string> {
    const create = { width, height, channels: 3, background: '#887766' } as const;
    await sharp({ create }).toFile(file(name));
    return file(name);
  }

  test.each([
    [
      'text',
      async () => {
        await writeFile(file('text.jpg'), 'not a picture');
        return apply(file('text.jpg'));
      },
      2,
      'is not a picture that can be read. Give a PNG, JPEG, TIFF, WebP, AVIF or GIF file.',
    ],
    [
      'an empty file',
      async () => {
        await writeFile(file('empty.png'), '');
        return apply(file('empty.png'));
      },
      2,
      'is not a picture that can be read',
    ],
    ['a file that is not there', () => apply(file('nowhere.png')), 2, 'nowhere.png'],
    [
      'a whole layer for what works on faces',
      async () => apply(await picture('whole.png', 64, 64), '--whole-layer'),
      2,
      'works on faces, not on a whole layer. Leave --whole-layer out.',
    ],
    [
      'CMYK',
      async () => {
        await sharp(photo).toColourspace('cmyk').tiff().toFile(file('cmyk.tif'));
        return apply(file('cmyk.tif'));
      },
      2,
      'is CMYK; faces are worked on in RGB. Convert it to RGB first.',
    ],
    ['one pixel', async () => apply(await picture('one.png', 1, 1)), 3, 'No face was found'],
    ['no face', async () => apply(await picture('wall.png', 300, 200)), 3, 'No face was found'],
    ['a face that does not exist', () => apply(photo, '--face', '2'), 2, 'There is no face 2'],
    [
      'a mask of another size',
      async () => {
        const mask = await picture('mask.png', 20, 10);
        return pspLayers(
          'apply',
          photo,
          '--operation',
          'inpaint',
          '--model',
          'tiny-fill',
          '--mask',
          mask,
        );
      },
      2,
      "The mask is 20 × 10 pixels and the picture 512 × 512. Give a mask of the picture's size.",
    ],
    [
      'a missing model',
      () => pspLayers('apply', photo, '--operation', 'toonify', '--output', file('t.psd')),
      4,
      'Toonify or other domain needs a model that is not installed. Import psp_ffhq_toonify.pt',
    ],
    ['an unknown model', () => apply(photo, '--model', 'x'), 2, 'No model "x" is installed.'],
    ['a wrong parameter', () => apply(photo, '--area', 'nose'), 2, 'Area cannot be "nose"'],
    [
      'a folder that is not there',
      () => apply(photo, '--output', file('no/x.psd')),
      6,
      'there is no such file or folder',
    ],
    ['the input as output', () => apply(photo, '--output', photo), 2, 'The output is the input'],
  ])(
    '%s',
    async (_name, run, code, message) => {
      const before = await documents();
      const { code: met, out, log } = await run();
      expect(log.trim().split('\n').at(-1)).toContain(message);
      expect(log).not.toContain('    at ');
      expect({ code: met, out }).toEqual({ code, out: '' });
      expect(await documents()).toEqual(before);
    },
    60_000,
  );

  test('a file that exists is not replaced, unless asked for', async () => {
    const output = file('mine.psd');
    await writeFile(output, 'mine');
    expect(await apply(photo, '--output', output)).toMatchObject({ code: 2 });
    expect(await readFile(output, 'utf8')).toBe('mine');
    expect(await apply(photo, '--output', output, '--overwrite')).toMatchObject({ code: 0 });
  }, 60_000);
});

test('models are listed, verified and removed', async () => {
  expect((await pspLayers('models', 'list')).out).toContain('tiny-fill: inpaint; 64², imported');
  expect(await pspLayers('models', 'verify', 'tiny')).toMatchObject({
    code: 0,
    out: 'tiny: as it should be\n',
  });
  await writeFile(join(folder, 'home', 'models', 'tiny-fill', 'encoder.onnx'), 'changed');
  expect(await pspLayers('models', 'verify', 'tiny-fill')).toMatchObject({ code: 4 });
  expect(await pspLayers('models', 'remove', 'tiny-fill')).toMatchObject({ code: 0 });
  expect((await pspLayers('models', 'list')).out).not.toContain('tiny-fill');
}, 60_000);

test('doctor says what runs the networks', async () => {
  const { out } = await pspLayers('doctor');
  expect(out).toContain('ok    networks run on: CPU');
}, 60_000);

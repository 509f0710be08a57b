import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writePsdBuffer, type Layer, type PixelData, type Psd } from 'ag-psd';
import sharp from 'sharp';
import { readWithAgPsd } from '../support/agPsd';
import { photograph } from '../support/photograph';
import { dropFile, fixture, layerNames, run, selectRectangle } from './support/page';
import { page, useFakeServer } from './support/suite';

/* What the page saves, read by two programs that are not ours. */

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'psp-layers-files-'));

useFakeServer(async () => undefined);
afterAll(() => rmSync(folder, { recursive: true }));

async function save(button: string, name: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByText(button, { exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(name);
  const path = join(folder, name);
  await download.saveAs(path);
  return path;
}

const readLayers = async (path: string): Promise<Psd> => readWithAgPsd(await readFile(path));

const colourAt = ({ data, width }: PixelData, x: number, y: number): number[] => [
  ...data.slice((y * width + x) * 4).slice(0, 4),
];

function solid(width: number, height: number, colour: readonly number[]): PixelData {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < data.length; i += 4) data.set(colour, i);
  return { width, height, data };
}

test('a photograph is saved as a PSD with the new layer and its mask', async () => {
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  const path = await save('Save PSD', 'astronaut.psd');

  const psd = await readLayers(path);
  expect(psd).toMatchObject({ width: 512, height: 512 });
  expect(psd.children?.map((layer) => layer.name)).toEqual([
    'astronaut',
    'Fake frontalize · seed 0',
  ]);
  const made = psd.children![1]!;
  expect(made).toMatchObject({ left: 112, top: 112, right: 400, bottom: 400, opacity: 1 });
  expect(made.mask).toMatchObject({
    left: 112,
    top: 112,
    right: 400,
    bottom: 400,
    defaultColor: 0,
  });
  expect(colourAt(made.mask!.imageData as PixelData, 5, 5).slice(0, 3)).toEqual([255, 255, 255]);
  // The fake answers in negative.
  const photo = psd.children![0]!.imageData as PixelData;
  const [red, green, blue] = colourAt(photo, 200, 200);
  expect(colourAt(made.imageData as PixelData, 200 - 112, 200 - 112)).toEqual([
    255 - red!,
    255 - green!,
    255 - blue!,
    255,
  ]);

  const { stdout } = await execute('identify', ['-format', '%w %h %[label]\n', path]);
  const seen = stdout.trim().split('\n');
  expect(seen).toHaveLength(3);
  expect(seen[0]).toMatch(/^512 512/);
  expect(seen[2]).toMatch(/^288 288 Fake frontalize/);
});

test('a JPEG in Display P3 at 300 dpi becomes a PSD that another reader finds to hold all of it', async () => {
  const source = await photograph(folder);
  await dropFile(page, source, 'photograph.jpg');
  await page.locator('[data-layer="photograph"]').waitFor();
  const path = await save('Save PSD', 'photograph.psd');
  const properties = ['%x', '%U', '%[profile:icc]', '%[IPTC:2:116]'];
  const { stdout } = await execute('identify', ['-format', properties.join('|'), `${path}[0]`]);
  expect(stdout).toBe('300|PixelsPerInch|sP3C|(c) Ana');
  const profile = join(folder, 'psd.icc');
  await execute('convert', [`${path}[0]`, profile]);
  expect(await readFile(profile)).toEqual((await sharp(source).metadata()).icc);
  const stored = await sharp(source, { ignoreIcc: true }).autoOrient().raw().toBuffer();
  const rgb = join(folder, 'layer.rgb');
  await execute('convert', [`${path}[1]`, '-depth', '8', rgb]);
  expect(await readFile(rgb)).toEqual(stored);
});

test('several files of every kind open at once, and one that does not is named', async () => {
  const picture = (): sharp.Sharp => sharp(fixture('astronaut.png')).resize(64, 64);
  const paths = ['a.tif', 'b.avif', 'c.gif', 'd.webp'].map((name) => join(folder, name));
  for (const path of paths) await picture().toFile(path);
  const deep = join(folder, 'deep.png');
  await picture().toColourspace('rgb16').png().toFile(deep);
  const letter = join(folder, 'letter.png');
  writeFileSync(letter, 'Dear editor');
  await page.setViewportSize({ width: 920, height: 700 });
  await page.locator('.file-input').setInputFiles([letter, ...paths, deep]);
  const tabs = page.locator('.document-tab');
  await tabs.nth(4).waitFor();
  await page.locator('[data-test="message"]', { hasText: 'letter.png' }).waitFor();
  // Where they do not all fit, the one in front is in sight.
  const last = (await tabs.nth(4).boundingBox())!;
  const bar = (await page.locator('.document-tabs').boundingBox())!;
  expect(last.x + last.width).toBeLessThanOrEqual(bar.x + bar.width + 1);
  const identified = await execute('identify', [
    '-format',
    '%z\n',
    await save('Save PSD', 'deep.psd'),
  ]);
  expect(identified.stdout.split('\n')[0]).toBe('16');
});

test('the flattened picture is saved as a PNG', async () => {
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  const path = await save('Save PNG', 'astronaut.png');
  const { stdout } = await execute('compare', [
    '-metric',
    'AE',
    path,
    fixture('astronaut.png'),
    'null:',
  ]).catch((error: { stderr: string }) => ({ stdout: error.stderr }));
  expect(stdout).toMatch(/^0?$/);
});

test('an opened PSD keeps its layers, its groups and its masks, and gains the new one', async () => {
  const source = join(folder, 'layers.psd');
  writeFileSync(source, writePsdBuffer(photoOf()));
  await dropFile(page, source, 'layers.psd');
  await page.locator('[data-layer="Notes"]').waitFor();
  expect(await layerNames(page)).toEqual(['Notes', 'People', 'Grain', 'Portrait', 'Paper']);
  await page.locator('[data-layer="Portrait"] .layer-name').click();
  await page.locator('.chip').waitFor();
  await run(page, 'reconstruct');
  await page.locator('[data-result]').waitFor();
  expect(await layerNames(page)).toEqual([
    'Notes',
    'People',
    'Grain',
    'Fake reconstruct · seed 0',
    'Portrait',
    'Paper',
  ]);
  const psd = await readLayers(await save('Save PSD', 'layers.psd'));
  const tree = (layers: readonly Layer[]): unknown[] =>
    layers.map((layer) => (layer.children ? [layer.name, tree(layer.children)] : layer.name));
  expect(tree(psd.children!)).toEqual([
    'Paper',
    ['People', ['Portrait', 'Fake reconstruct · seed 0', 'Grain']],
    'Notes',
  ]);
  const [portrait, , grain] = psd.children![1]!.children!;
  expect(portrait!.mask).toMatchObject({ left: 8, right: 40 });
  expect(grain).toMatchObject({ blendMode: 'overlay' });
  expect(psd.children![2]!.hidden).toBe(true);
});

function photoOf(): Psd {
  return {
    width: 96,
    height: 64,
    children: [
      { name: 'Paper', imageData: solid(96, 64, [250, 250, 250, 255]) },
      {
        name: 'People',
        opened: true,
        children: [
          {
            name: 'Portrait',
            left: 8,
            top: 4,
            imageData: solid(64, 48, [180, 120, 90, 255]),
            mask: {
              left: 8,
              top: 4,
              imageData: solid(32, 48, [128, 128, 128, 255]),
              defaultColor: 0,
            },
          },
          {
            name: 'Grain',
            blendMode: 'overlay',
            opacity: 0.5,
            imageData: solid(96, 64, [128, 128, 128, 255]),
          },
        ],
      },
      { name: 'Notes', hidden: true, imageData: solid(10, 10, [255, 0, 0, 255]) },
    ],
  };
}

test('what is no picture is refused in words', async () => {
  const path = join(folder, 'letter.png');
  writeFileSync(path, 'Dear editor');
  await dropFile(page, path, 'letter.png');
  const words = '"letter.png" is not a picture that can be read.';
  await page.locator('[data-test="message"]', { hasText: words }).waitFor();
});

test('a damaged PSD is refused in words', async () => {
  const path = join(folder, 'broken.psd');
  writeFileSync(path, writePsdBuffer(photoOf()).subarray(0, 900));
  await dropFile(page, path, 'broken.psd');
  await page.locator('[data-test="message"]', { hasText: 'broken.psd' }).waitFor();
});

test('a rectangle is filled by inpainting and nothing else is touched', async () => {
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();
  await selectRectangle(page, { x: 0.4, y: 0.4 }, { x: 0.5, y: 0.5 });
  await run(page, 'inpaint');
  await page.locator('[data-result]').waitFor();
  const psd = await readLayers(await save('Save PSD', 'astronaut.psd'));
  const mask = psd.children![1]!.mask!.imageData as PixelData;
  const shown = Array.from({ length: mask.width * mask.height }, (_, i) => mask.data[i * 4]!);
  const expected = 0.1 * 512 * 0.1 * 512;
  const filled = shown.filter((value) => value > 0).length;
  expect(Math.abs(filled - expected)).toBeLessThan(expected * 0.1);
});

test('a large photograph opens without holding the page up', async () => {
  const path = join(folder, 'large.jpg');
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  await sharp({ create: { width: 6000, height: 4000, channels: 3, noise, background: '#808080' } })
    .jpeg()
    .toFile(path);
  await page.evaluate(() => {
    const longest = { milliseconds: 0 };
    Object.assign(globalThis, { longest });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        longest.milliseconds = Math.max(longest.milliseconds, duration);
      }
    }).observe({ type: 'longtask' });
  });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByText('Open…', { exact: true }).first().click(),
  ]);
  await chooser.setFiles(path);
  await page.locator('.chip').waitFor();
  const milliseconds = await page.evaluate(
    () => (globalThis as unknown as { longest: { milliseconds: number } }).longest.milliseconds,
  );
  // Software drawing on a shared machine; a blocked page would be seconds.
  expect(milliseconds).toBeLessThan(1000);
});

test('a folder becomes a folder of PSDs, carries on after a failure and goes on where it stopped', async () => {
  const photo = (await readFile(fixture('astronaut.png'))).toString('base64');
  // The browser's private file system stands in for the folder that a person would choose.
  await page.evaluate(async (content) => {
    const root = await navigator.storage.getDirectory();
    const write = async (name: string, text: string) => {
      const stream = await (await root.getFileHandle(name, { create: true })).createWritable();
      await stream.write(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
      await stream.close();
    };
    await write('one.png', content);
    await write('two.png', btoa('no picture'));
    Object.assign(globalThis, { showDirectoryPicker: async () => root });
  }, photo);
  await page.locator('.dot-ready').waitFor();
  await page.locator('[data-tab="batch"]').click();
  await page.locator('sp-button', { hasText: 'A folder' }).click();
  const summary = page.locator('[data-test="batch-summary"]');
  await summary.filter({ hasText: '1 done · 1 failed' }).waitFor();
  expect(await page.locator('[data-test="batch"] .error').textContent()).toContain('"two.png"');
  const saved = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const output = await root.getDirectoryHandle('pSp Layers');
    const names: string[] = [];
    for await (const name of output.keys()) names.push(name);
    const blob = await (await output.getFileHandle(names[0]!)).getFile();
    return new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).replace(/^.*,/, ''));
      reader.readAsDataURL(blob);
    });
  });
  expect(readWithAgPsd(Buffer.from(saved, 'base64')).children).toHaveLength(2);
  expect(await layerNames(page)).toEqual([]);

  await page.getByText('Clear', { exact: true }).click();
  await page.locator('sp-button', { hasText: 'A folder' }).click();
  await page.getByText('already there').waitFor();
  await summary.filter({ hasText: '1 done · 1 failed' }).waitFor();
  // Of what failed the batch tells, once.
  expect(await page.getByText('"two.png"', { exact: false }).count()).toBe(1);
  expect(await page.locator('.job-failed').count()).toBe(0);

  // Another operation is another piece of work on the same pictures.
  await page.getByText('Clear', { exact: true }).click();
  await page.locator('sp-dropdown[title="Operation"] select').selectOption({ label: 'Frontalize' });
  await page.locator('sp-button', { hasText: 'A folder' }).click();
  await summary.filter({ hasText: '1 done · 1 failed' }).waitFor();
  expect(await page.getByText('already there').count()).toBe(0);
});

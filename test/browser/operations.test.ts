import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PixelData } from 'ag-psd';
import { readWithAgPsd } from '../support/agPsd';
import { makeCheckpoint, smallestSizes } from '../support/checkpoints';
import { apply } from './support/commandLine';
import { fixture, layerNames, run, selectRectangle } from './support/page';
import { openSample, page, problems, useCommandLine } from './support/suite';

/* What a first-time user does: `psp-layers serve`, a photograph, every button, save. Real networks. */

const folder = mkdtempSync(join(tmpdir(), 'psp-layers-operations-'));

useCommandLine();
beforeAll(openSample);
/** What has been said of running jobs since the page was opened. */
beforeAll(() =>
  page.evaluate(() => {
    const said = new Set<string>();
    Object.assign(globalThis, { said });
    const listen = () => {
      for (const line of document.querySelectorAll('[data-test="job-stage"]')) {
        said.add(line.textContent ?? '');
      }
    };
    new MutationObserver(listen).observe(document.body, {
      ...{ subtree: true, childList: true, characterData: true },
    });
  }),
);
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  expect(problems).toEqual([]);
});

/** Runs an operation and waits for its own result. */
async function finish(operation: string, label: string): Promise<void> {
  const before = (await layerNames(page)).length;
  await run(page, operation);
  const ended = page.locator('.section.result', { hasText: label }).or(page.locator('.job-failed'));
  await ended.first().waitFor();
  await page.waitForFunction(
    (count) =>
      document.querySelectorAll('[data-layer]').length > count ||
      document.querySelector('.job-failed') !== null,
    before,
  );
  expect(await page.locator('[data-test="job-error"]').allTextContents()).toEqual([]);
}

const bytesOf = ({ imageData }: { imageData?: PixelData | undefined }): Buffer =>
  Buffer.from(imageData!.data.buffer);

test('the one face of the photograph is found where it is', async () => {
  expect(await page.locator('[data-test="face-count"]').textContent()).toBe('1 face');
});

test.each([
  ['reconstruct', 'Reconstruct'],
  ['frontalize', 'Frontalize'],
  ['super-resolve', 'Super-resolve'],
])('%s adds its layer on top of the earlier ones', async (operation, label) => {
  await finish(operation, label);
  expect((await layerNames(page))[0]).toMatch(new RegExp(`^${label} · face 1 · starter`));
  expect(await page.locator('[data-test="likeness"]').textContent()).toMatch(/likeness \d+ %/i);
});

test('resampling adds a group of seeded variants', async () => {
  await finish('resample-style', 'Resample style');
  const names = await layerNames(page);
  expect(names.slice(0, 4)).toEqual([
    'Resample style · astronaut',
    expect.stringMatching(/seed 3$/),
    expect.stringMatching(/seed 2$/),
    expect.stringMatching(/seed 1$/),
  ]);
  await page.getByText('Next seeds').click();
  await page.locator('[data-layer$="seed 6"]').waitFor();
});

test('mixing the styles of a variant keeps its seed; its card shows and saves what it has become', async () => {
  const card = page.locator('[data-result]').first();
  // The variants of this run lie over the canvas until they are closed.
  await card.getByText('Seed 4', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-test="sheet"]').waitFor({ state: 'detached' });
  const [name] = (await layerNames(page)).slice(3);
  expect(name).toMatch(/seed 4$/);
  const saved = async (): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      card.getByText('Save latents', { exact: true }).click(),
    ]);
    const path = join(folder, 'latents.npy');
    await download.saveAs(path);
    return readFile(path);
  };
  const picture = card.locator('.before-after img').last();
  const before = { latents: await saved(), picture: await picture.getAttribute('src') };
  await card.getByRole('button', { name: 'Mix styles' }).click();
  await card.locator('.segment', { hasText: 'Middle' }).click();
  await card.getByText('Mixing…').waitFor();
  await card.getByText('Mixing…').waitFor({ state: 'detached', timeout: 60_000 });
  expect((await layerNames(page))[3]).toBe(name);
  expect(await card.getByText('Seed 4', { exact: true }).count()).toBe(1);
  expect(await picture.getAttribute('src')).not.toBe(before.picture);
  const mixed = await saved();
  expect(mixed).toHaveLength(before.latents.length);
  expect(mixed.equals(before.latents)).toBe(false);
  // And back: it starts from the codes before any style was drawn, not from the drawn ones.
  await card.locator('.segment', { hasText: 'Middle' }).click();
  await card.getByText('Mixing…').waitFor();
  await card.getByText('Mixing…').waitFor({ state: 'detached', timeout: 60_000 });
  expect((await saved()).equals(before.latents)).toBe(true);
});

test('inpainting fills the selection and nothing else', async () => {
  // The view is still at the first result.
  await page.locator('[title="Ctrl+0"]').click();
  await selectRectangle(page, { x: 0.38, y: 0.28 }, { x: 0.46, y: 0.34 });
  await finish('inpaint', 'Inpaint');
  expect((await layerNames(page))[0]).toMatch(/^Inpaint/);
  await page.getByText('Deselect', { exact: true }).click();
});

test('the models page says how good what is installed is, and for each operation what could be imported', async () => {
  await page.locator('[data-tab="models"]').click();
  const measured = page.locator('[data-model="starter"] [data-test="measured"]');
  expect(await measured.textContent()).toContain('Likeness to 29 photographs: 98 % when fitted');
  const needs = (operation: string) => page.locator(`[data-needs="${operation}"]`).textContent();
  expect(await needs('frontalize')).toContain('starter · 1024 px');
  expect(await needs('frontalize')).toContain('Can be imported: psp_ffhq_frontalization.pt');
  expect(await needs('labels-to-face')).toContain('psp_celebs_seg_to_face.pt');
  expect(await needs('toonify')).toContain('nothing installed');
  await page.locator('[data-tab="create"]').click();
});

/** Hands a file to the models' page, which stays open. */
async function importFile(path: string): Promise<void> {
  await page.locator('[data-tab="models"]').click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.locator('sp-button', { hasText: 'Import a checkpoint' }).click(),
  ]);
  await chooser.setFiles(path);
}

test('checkpoints are imported in the panel, and their operations appear', async () => {
  const checkpoints = [
    ['psp_celebs_sketch_to_face', 'celebs_sketch_to_face', 1, 'sketch-to-face', 'Sketch to face'],
    ['psp_celebs_seg_to_face', 'celebs_seg_to_face', 19, 'labels-to-face', 'Label map to face'],
    ['psp_ffhq_toonify', 'toonify', 3, 'toonify', 'Toonify'],
  ] as const;
  for (const [name, dataset, inputChannels, operation, label] of checkpoints) {
    const path = join(folder, `${name}.pt`);
    const opts = { dataset_type: dataset, encoder_type: 'GradualStyleEncoder' };
    writeFileSync(path, await makeCheckpoint({ ...smallestSizes, inputChannels }, opts));
    await importFile(path);
    await page.locator(`[data-model="${name.replaceAll('_', '-')}"]`).waitFor();
    await page.locator('[data-tab="create"]').click();
    if (operation === 'toonify') await finish(operation, label);
  }
});

test.each([
  ['labels-to-face', 'is in none of the 19 label colours'],
  ['sketch-to-face', 'This layer is no line drawing'],
])('a photograph is nothing for %s, and that is said', async (operation, words) => {
  await run(page, operation);
  const error = page.locator('[data-test="job-error"]', { hasText: words });
  await error.waitFor();
  await page.getByText('Dismiss').click();
  await error.waitFor({ state: 'detached' });
});

test('what is saved holds every layer with its mask', async () => {
  const names = await layerNames(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByText('Save PSD', { exact: true }).click(),
  ]);
  const path = join(folder, 'astronaut.psd');
  await download.saveAs(path);
  const psd = readWithAgPsd(await readFile(path));
  const saved = psd.children!.flatMap((layer) => [
    ...(layer.children ?? []).map((child) => child.name),
    layer.name,
  ]);
  expect(saved.reverse()).toEqual(names);
  const frontal = psd.children!.find((layer) => layer.name?.startsWith('Frontalize'))!;
  const mask = frontal.mask!.imageData as PixelData;
  const values = new Set(
    Array.from({ length: mask.width * mask.height }, (_, i) => mask.data[i * 4]),
  );
  // A soft mask: from hidden at the rim to shown on the face, with steps between.
  expect(values.has(0) && values.has(255) && values.size > 20).toBe(true);
});

test.each([
  ['frontalize', 'Frontalize'],
  ['resample-style', 'seed 2'],
])('%s gives the pixels and the mask that the command line gives', async (operation, name) => {
  const output = join(folder, `${operation}.psd`);
  await apply(fixture('astronaut.png'), operation, output);
  const [ours, theirs] = await Promise.all(
    [join(folder, 'astronaut.psd'), output].map(async (path) => {
      const layers = readWithAgPsd(await readFile(path)).children!;
      const all = layers.flatMap((layer) => [layer, ...(layer.children ?? [])]);
      return all.find((layer) => layer.name?.includes(name) && layer.imageData)!;
    }),
  );
  const { left, top, right, bottom } = theirs!;
  expect(ours).toMatchObject({ name: theirs!.name, left, top, right, bottom });
  expect(bytesOf(ours!).equals(bytesOf(theirs!))).toBe(true);
  expect(bytesOf(ours!.mask!).equals(bytesOf(theirs!.mask!))).toBe(true);
});

test('an import says how far it is, and is cancelled without a trace', async () => {
  const path = join(folder, 'much.pt');
  const file = await open(path, 'w');
  await file.truncate(400e6);
  await file.close();
  await importFile(path);
  const importing = page.locator('[data-test="importing"]');
  expect(await importing.textContent()).toMatch(/much\.pt.*\d+ %/);
  await importing.getByText('Cancel').click();
  await importing.waitFor({ state: 'detached' });
  expect(await page.locator('[data-test="panel"] .error').allTextContents()).toEqual([]);
  expect(await page.locator('[data-model="much"]').count()).toBe(0);
  await page.locator('[data-tab="create"]').click();
});

test('a model that is imported is used from then on: the page says so, the row names it, its layer too', async () => {
  expect(await page.locator('[data-operation="frontalize"]').textContent()).toContain('starter');
  const path = join(folder, 'psp_ffhq_frontalization.pt');
  const opts = { dataset_type: 'ffhq_frontalize', encoder_type: 'GradualStyleEncoder' };
  writeFileSync(path, await makeCheckpoint(smallestSizes, opts));
  await importFile(path);
  await page.getByText('It is now used for Frontalize.').waitFor();
  await page.locator('[data-tab="create"]').click();
  const drawnBy = page.locator('[data-operation="frontalize"] [data-test="model"]');
  expect(await drawnBy.textContent()).toContain('psp-ffhq-frontalization');
  await finish('frontalize', 'Frontalize');
  expect((await layerNames(page))[0]).toMatch(/^Frontalize · face 1 · psp-ffhq-frontalization/);
});

test('of what ran it was said what it does and how long it takes, but no time below a second', async () => {
  const said = await page.evaluate(() => [
    ...(globalThis as unknown as { said: ReadonlySet<string> }).said,
  ]);
  expect(said.some((line) => line.startsWith('Drawing'))).toBe(true);
  expect(said.filter((line) => /\d ms\b|(?<![\d.])0(\.\d)? s\b/.test(line))).toEqual([]);
});

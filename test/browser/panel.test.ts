import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { chooseModel, dropFile, fixture, layerNames, run } from './support/page';
import { page, useFakeServer } from './support/suite';

/* The panel in a real browser, against the real server with a processor that does what it is told. */

/** So small that its face cannot be worked on; so large that eight times its sides are very much. */
const smallPicture = join(mkdtempSync(join(tmpdir(), 'psp-layers-panel-')), 'small.png');
const largePicture = join(dirname(smallPicture), 'large.jpg');

beforeAll(async () => {
  await sharp(fixture('astronaut.png')).resize(20).toFile(smallPicture);
  await sharp(fixture('astronaut.png')).resize(2000).toFile(largePicture);
});
afterAll(() => rmSync(dirname(smallPicture), { recursive: true }));
useFakeServer();

const connection = () => page.locator('.connection-name');

test('the page is paired by its address, says so, and stays paired', async () => {
  expect(await connection().textContent()).toBe('Ready');
  expect(await page.locator('.connection-line').textContent()).toContain('Fake device');
  expect(page.url()).not.toContain('pair');
  await page.reload();
  await page.locator('.dot-ready').waitFor();
});

test('a click makes one layer above the photograph, and undo takes it back', async () => {
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  expect(await layerNames(page)).toEqual(['Fake frontalize · seed 0', 'astronaut']);
  await page.getByText('Undo', { exact: true }).click();
  expect(await layerNames(page)).toEqual(['astronaut']);
  await page.keyboard.press('Control+Shift+z');
  expect(await layerNames(page)).toHaveLength(2);
});

test('Cancel works at once and nothing is changed', async () => {
  await chooseModel(page, 'frontalize', 'hang');
  await run(page, 'frontalize');
  await page.locator('[data-test="job-stage"]', { hasText: 'Encoding' }).waitFor();
  await page.locator('.cancel').click();
  await page.locator('.job').waitFor({ state: 'detached' });
  expect(await layerNames(page)).toEqual(['astronaut']);
});

test('Escape cancels too', async () => {
  await chooseModel(page, 'frontalize', 'hang');
  await run(page, 'frontalize');
  await page.locator('.cancel').waitFor();
  await page.locator('[data-operation="frontalize"] .press').focus();
  await page.keyboard.press('Escape');
  await page.locator('.job').waitFor({ state: 'detached' });
});

test('what waits says how many are before it, and all are cancelled at once', async () => {
  for (const operation of ['frontalize', 'reconstruct', 'edit']) {
    await chooseModel(page, operation, 'hang');
    await run(page, operation);
  }
  const stages = page.locator('[data-test="job-stage"]');
  await stages.filter({ hasText: 'Waiting: 1 before it' }).waitFor();
  await stages.filter({ hasText: 'Waiting: 2 before it' }).waitFor();
  await page.getByText('Cancel all', { exact: true }).click();
  await page.locator('.job').first().waitFor({ state: 'detached' });
  expect(await layerNames(page)).toEqual(['astronaut']);
});

test('a new document of more than 200 megapixels is asked about first', async () => {
  await dropFile(page, largePicture, 'large.jpg');
  await page.locator('[data-layer="large"]').waitFor();
  await page.locator('.layer-card', { hasText: 'large' }).locator('.chip').waitFor();
  const row = page.locator('[data-operation="super-resolve"]');
  await row.locator('.fold').click();
  await row
    .locator('sp-dropdown[title="Result"] select')
    .selectOption({ label: 'New document × 8' });
  await run(page, 'super-resolve');
  const question = row.locator('[data-test="huge"]');
  expect(await question.textContent()).toContain('The new document would have 256 megapixels');
  await question.getByText('Cancel').click();
  await question.waitFor({ state: 'detached' });
  expect(await layerNames(page)).toEqual(['large']);
  await run(page, 'super-resolve');
  await question.getByText('Make it').click();
  await page.locator('[data-layer^="Fake super-resolve"]').waitFor();
});

test('a result that is somebody else says so; repeating says of what', async () => {
  await run(page, 'resample-style');
  const result = page.locator('[data-result]');
  expect(await result.locator('[data-test="likeness"]').textContent()).toBe('Likeness 90 %');
  for (const repeat of ['Use on selected layers', 'Next seeds']) {
    expect(await result.getByText(repeat, { exact: true }).count()).toBe(1);
  }
  await chooseModel(page, 'frontalize', 'paced');
  await run(page, 'frontalize');
  await page.getByText('Another person: likeness 20 %').waitFor();
  expect(await page.getByText('Alpha', { exact: true }).count()).toBe(0);
});

test('a failure is a sentence, can be tried again and dismissed', async () => {
  await chooseModel(page, 'frontalize', 'refuse');
  await run(page, 'frontalize');
  const error = page.locator('[data-test="job-error"]');
  expect(await error.textContent()).toBe('The fake does not like this. Give it another.');
  await page.getByText('Retry').click();
  await error.waitFor();
  await page.getByText('Dismiss').click();
  await error.waitFor({ state: 'detached' });
});

test('a crash of the inference process fails one job and leaves the rest working', async () => {
  await chooseModel(page, 'frontalize', 'crash');
  await run(page, 'frontalize');
  await page.locator('[data-test="job-error"]').waitFor();
  await run(page, 'reconstruct');
  await page.locator('[data-result]').waitFor();
});

test('inpainting without a selection says what to do, before anything is sent', async () => {
  await run(page, 'inpaint');
  const error = page.locator('[data-test="job-error"]');
  expect(await error.textContent()).toContain('Nothing is selected. Select the part');
});

test('options are kept for the next time', async () => {
  await page.locator('[data-operation="resample-style"] .fold').click();
  const seed = page.locator('.seed input');
  await seed.fill('77');
  await seed.press('Enter');
  await page.locator('.segment', { hasText: 'Coarse' }).click();
  await page.reload();
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('[data-operation="resample-style"] .fold').click();
  expect(await page.locator('.seed input').inputValue()).toBe('77');
  expect(await page.locator('.segment-chosen').allTextContents()).toEqual(['Coarse', 'Fine']);
});

test('what is no seed is not taken', async () => {
  await page.locator('[data-operation="resample-style"] .fold').click();
  const seed = page.locator('.seed input');
  await seed.fill('minus one');
  await seed.press('Enter');
  expect(await seed.inputValue()).toBe('1');
});

test('the opacity of a result is that of its layer, hidden layers come back', async () => {
  await run(page, 'frontalize');
  const result = page.locator('[data-result]');
  await result.locator('sp-slider input').first().fill('40');
  expect(await result.locator('.control-value').first().textContent()).toBe('40 %');
  await page.locator('[data-layer^="Fake"] .layer-name').click();
  expect(await page.locator('.layers-percent').textContent()).toBe('40 %');
  await result.getByText('Hide', { exact: true }).click();
  await page.locator('[data-layer^="Fake"] .layer-hidden').waitFor();
  await result.getByText('Show', { exact: true }).click();
  await page.locator('[data-layer^="Fake"] .layer-hidden').waitFor({ state: 'detached' });
});

test('style mixing changes the layer that is there', async () => {
  await run(page, 'reconstruct');
  const result = page.locator('[data-result]');
  await result.getByRole('button', { name: 'Mix styles' }).click();
  await result.locator('.segment', { hasText: 'Coarse' }).click();
  await page.locator('[data-layer^="Fake resample-style"]').waitFor();
  expect(await layerNames(page)).toHaveLength(2);
  // Mixing changes the photograph: what was turned would look ahead no more.
  await run(page, 'frontalize');
  const turned = result.filter({ hasText: 'Frontalize' });
  await turned.getByRole('button', { name: 'Use on selected layers' }).waitFor();
  expect(await turned.getByRole('button', { name: 'Mix styles' }).count()).toBe(0);
});

test('a slider of an edit shows a picture as it moves, and changes the layer once when it rests', async () => {
  await run(page, 'edit');
  const sliders = page.locator('[data-result] .edit');
  const smile = sliders.locator('sp-slider[title="Smile"] input');
  await smile.evaluate((input: HTMLInputElement) => {
    for (const value of ['12', '15', '20']) {
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  await sliders.locator('img.edit-picture').waitFor();
  expect(await layerNames(page)).toEqual(['Fake edit · seed 0', 'astronaut']);
  await smile.evaluate(async (input: HTMLInputElement) => {
    input.dispatchEvent(new Event('change', { bubbles: true }));
    // Until the panel has been drawn with what it is doing.
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
  await sliders.getByText('Drawing the layer…').waitFor({ state: 'detached' });
  const undo = page.getByText('Undo', { exact: true });
  // One step for the drag, one for the layer.
  await undo.click();
  expect(await layerNames(page)).toEqual(['Fake edit · seed 0', 'astronaut']);
  await undo.click();
  expect(await layerNames(page)).toEqual(['astronaut']);
});

test('an operation runs on every selected layer, and the panel says so beforehand', async () => {
  await run(page, 'frontalize');
  await page.locator('[data-layer^="Fake"] .layer-name').click({ modifiers: ['Control'] });
  const others = page.locator('[data-test="other-layers"]');
  await others.waitFor();
  expect(await others.textContent()).toBe('and 1 more layer');
  await run(page, 'reconstruct');
  await page.locator('[data-layer^="Fake reconstruct"]').nth(1).waitFor();
  expect(await layerNames(page)).toEqual([
    'Fake reconstruct · seed 0',
    'Fake reconstruct · seed 0',
    'Fake frontalize · seed 0',
    'astronaut',
  ]);
});

test('cancelling one of several layers cancels the rest', async () => {
  await run(page, 'frontalize');
  await page.locator('[data-layer^="Fake"] .layer-name').click({ modifiers: ['Control'] });
  await page.locator('[data-test="other-layers"]').waitFor();
  await chooseModel(page, 'reconstruct', 'hang');
  await run(page, 'reconstruct');
  await page.locator('[data-test="job-stage"]', { hasText: 'Layer 1 of 2 · Encoding' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.job').waitFor({ state: 'detached' });
  expect(await layerNames(page)).toHaveLength(2);
});

test('the batch runs over several selected layers one after another', async () => {
  await run(page, 'frontalize');
  await page.locator('[data-layer^="Fake"] .layer-name').click({ modifiers: ['Control'] });
  await page.locator('[data-tab="batch"]').click();
  await page.locator('sp-button', { hasText: 'Selected layers' }).click();
  await page.locator('[data-test="batch-summary"]', { hasText: '2 done' }).waitFor();
  expect(await layerNames(page)).toHaveLength(4);
});

test('four clicks make one layer; another seed, or the layer gone, makes another', async () => {
  for (let click = 0; click < 4; click += 1) await run(page, 'frontalize');
  await page.locator('[data-test="already-there"]').waitFor();
  expect(await layerNames(page)).toHaveLength(2);
  await page.getByText('Undo', { exact: true }).click();
  await page.locator('[data-result]').waitFor({ state: 'detached' });
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  expect(await layerNames(page)).toHaveLength(2);
});

test('a result goes with its layer and its document', async () => {
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  page.once('dialog', (dialog) => void dialog.accept());
  await page.locator('.document-close').click();
  await page.locator('[data-result]').waitFor({ state: 'detached' });
});

test('under Create there is the result of the document in front', async () => {
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  await dropFile(page, fixture('astronaut.png'), 'another.png');
  await page.locator('.layer-card', { hasText: 'another.png' }).locator('.chip').waitFor();
  await page.locator('[data-result]').waitFor({ state: 'detached' });
  await page.locator('.document-name', { hasText: 'astronaut.png' }).click();
  await page.locator('[data-result]').waitFor();
});

test('of variants one alone is shown: choose, compare, keep, discard, each one step', async () => {
  await chooseModel(page, 'resample-style', 'several');
  await run(page, 'resample-style');
  const result = page.locator('[data-result]');
  const shown = () =>
    page
      .locator('[data-layer^="Fake"]:not(:has(.layer-hidden))')
      .evaluateAll((rows) => rows.map((row) => row.dataset['layer'] ?? ''));
  await result.locator('.variants .chip').nth(2).waitFor();
  const names = (await layerNames(page)).filter((name) => name.startsWith('Fake'));
  expect(await shown()).toEqual([names.at(-1)]);
  await result.locator('.variants .chip').nth(2).click();
  await page.locator('.layer-hidden', { hasText: 'Fake' }).nth(1).waitFor();
  expect(await shown()).toEqual([names.at(-3)]);
  await result.getByText('Compare with 1').click();
  expect(await result.locator('.corner').allTextContents()).toEqual(['Variant 1', 'Variant 3']);
  await result.getByText('Keep this one').click();
  await result.locator('.variants').waitFor({ state: 'detached' });
  expect((await layerNames(page)).filter((name) => name.startsWith('Fake'))).toEqual([
    names.at(-3),
  ]);
  for (const expected of [[names.at(-3)], [names.at(-1)]]) {
    await page.getByText('Undo', { exact: true }).click();
    await result.locator('.variants').waitFor();
    expect(await shown()).toEqual(expected);
  }
  await result.getByText('Discard').click();
  await result.waitFor({ state: 'detached' });
  expect(await layerNames(page)).toEqual(['astronaut']);
});

test('variants come as a sheet over the canvas: choose, compare, discard one, keep', async () => {
  await chooseModel(page, 'resample-style', 'several');
  await run(page, 'resample-style');
  const sheet = page.locator('[data-test="sheet"]');
  const cell = (variant: number) => sheet.locator(`[data-variant="${variant}"]`);
  const made = async () => (await layerNames(page)).filter((name) => name.startsWith('Fake'));
  await sheet.waitFor();
  expect(await sheet.locator('.sheet-title').textContent()).toBe('Resample style: 3 variants');
  expect(await sheet.locator('.sheet-cell').count()).toBe(4);
  await cell(3).locator('.sheet-picture').click();
  await sheet.locator('.sheet-cell-chosen[data-variant="3"]').waitFor();
  // The panel's card shows the same choice.
  await page.locator('.variants .chip-chosen', { hasText: '3' }).waitFor();
  await cell(1).getByText('Compare').click();
  await cell(2).getByText('Compare').click();
  expect(await sheet.locator('figure').count()).toBe(2);
  await sheet.getByText('Show all').click();
  await cell(1).getByText('Discard').click();
  await cell(1).waitFor({ state: 'detached' });
  expect(await made()).toHaveLength(2);
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.locator('[data-test="open-sheet"]').click();
  await sheet.getByText('Keep the chosen one').click();
  await sheet.waitFor({ state: 'detached' });
  expect(await made()).toHaveLength(1);
  // Once more than the steps that were taken: keeping, discarding, choosing.
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('Control+z');
  expect(await made()).toHaveLength(3);
});

test('before a result is the document with the earlier ones; the first hint goes with the next run', async () => {
  await run(page, 'frontalize');
  const hint = page.locator('[data-test="message"]', { hasText: 'Your first result.' });
  await hint.waitFor();
  await chooseModel(page, 'resample-style', 'several');
  await run(page, 'resample-style');
  const cells = page.locator('[data-test="sheet"] .sheet-canvas');
  await cells.nth(3).waitFor();
  expect(await hint.count()).toBe(0);
  /** The middle of a cell: the face, which every operation of the fake turns into its negative. */
  const middle = (index: number) =>
    cells.nth(index).evaluate(async (element: HTMLCanvasElement) => {
      for (let frame = 0; frame < 3; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      const at = [element.width >> 1, element.height >> 1] as const;
      return [...element.getContext('2d')!.getImageData(...at, 1, 1).data];
    });
  const [before, after] = [await middle(0), await middle(1)];
  before.forEach((value, c) => expect(Math.abs(value - after[c]!)).toBeLessThan(3));
});

test('a face that is too small says so where it can be read, and no face operation can run', async () => {
  await page.locator('.document-close').click();
  await dropFile(page, smallPicture, 'small.png');
  await page.locator('[data-test="refusal"]').waitFor();
  expect(await page.locator('[data-test="refusal"]').textContent()).toBe(
    'Face 1: too small to work on. Use a larger version of the picture.',
  );
  expect(await page.locator('[data-operation="frontalize"] sp-button[disabled]').count()).toBe(1);
});

test('a key splits the canvas: before left of the pointer, after right of it', async () => {
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  const canvas = page.locator('[data-test="canvas"]');
  /** A pixel in the middle of the result, which the fake drew in negative, once the page has drawn. */
  const middle = () =>
    canvas.evaluate(async (element: HTMLCanvasElement) => {
      const context = element.getContext('2d')!;
      for (let frame = 0; frame < 3; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      const at = [Math.round(element.width / 2), Math.round(element.height / 2)] as const;
      return [...context.getImageData(...at, 1, 1).data].slice(0, 3);
    });
  const after = await middle();
  await page.keyboard.press('\\');
  await page.locator('[data-test="split"][aria-pressed="true"]').waitFor();
  const box = (await canvas.boundingBox())!;
  const moveTo = (share: number) =>
    page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
  await moveTo(0.9);
  const before = await middle();
  before.forEach((value, c) => expect(Math.abs(255 - value - after[c]!)).toBeLessThan(3));
  await moveTo(0.1);
  expect(await middle()).toEqual(after);
  await page.locator('[data-test="split"]').click();
  await page.locator('[data-test="split"][aria-pressed="false"]').waitFor();
});

test('digits choose faces', async () => {
  await page.locator('.chip .press').focus();
  await page.keyboard.press('0');
  await page.locator('.chip-chosen').waitFor();
});

test('in Korean', async () => {
  await page.locator('[data-tab="settings"]').click();
  await page.locator('sp-dropdown select').first().selectOption({ label: '한국어' });
  await page.locator('[data-tab="create"]').click();
  await page.locator('[data-operation="frontalize"]', { hasText: '정면으로' }).waitFor();
});

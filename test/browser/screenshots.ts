import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Locator, Page } from 'playwright-core';
import { dropFile, fixture, run } from './support/page';
import { page, useCommandLine } from './support/suite';

/* The pictures of docs/guide.md and docs/film-strip.md, taken of the real page with the starter model. */

const images = join(__dirname, '..', '..', 'docs', 'images');
const usual = { width: 1280, height: 800 };

useCommandLine({ viewport: usual });
beforeAll(() => mkdirSync(join(images, 'film'), { recursive: true }));

async function shot(name: string, what: Page | Locator = page): Promise<void> {
  const png = await what.screenshot();
  await sharp(png)
    .webp({ quality: 78 })
    .toFile(join(images, `${name}.webp`));
}
const panelShot = (name: string) => shot(name, page.locator('[data-test="panel"]'));
const theme = (name: string) => page.locator(`[data-theme-choice="${name}"]`).click();
const tab = (name: string) => page.locator(`[data-tab="${name}"]`).click();
const finished = (label: string) =>
  page
    .locator('.section.result', { hasText: label })
    .locator('img')
    .first()
    .waitFor({ timeout: 100_000 });
const undo = () => page.keyboard.press('Control+z');
async function speak(language: 'en' | 'ko'): Promise<void> {
  await tab('settings');
  await page
    .locator('sp-dropdown select')
    .first()
    .selectOption({ index: language === 'en' ? 1 : 2 });
  await tab('create');
}
async function resize(width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.evaluate(() => new Promise((drawn) => setTimeout(drawn, 300)));
}

/** A scene in the usual window, in a small one, at 200 % and in Korean. */
async function scene(name: string): Promise<void> {
  await page.mouse.move(400, 790);
  await resize(usual.width, usual.height);
  await shot(`film/${name}`);
  await resize(820, 1000);
  await shot(`film/${name}-820`);
  await resize(usual.width / 2, usual.height / 2);
  await shot(`film/${name}-200`);
  await resize(usual.width, usual.height);
  await speak('ko');
  await shot(`film/${name}-ko`);
  await speak('en');
}

test('takes them', async () => {
  await page.locator('.dot-ready').waitFor();
  await theme('lightest');
  await shot('page-empty');
  await theme('dark');
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('[data-test="start"]').waitFor();
  await scene('first-minute');

  await run(page, 'frontalize');
  await finished('Frontalize');
  await page.mouse.move(400, 790);
  await shot('page-result-dark');
  await panelShot('panel-dark');
  await page.locator('.message-close').click();
  await page.locator('[data-test="split"]').click();
  await scene('first-result');
  await page.locator('[data-test="split"]').click();
  await undo();
  await page.keyboard.press('Control+0');

  await run(page, 'edit');
  await finished('Edit');
  const smile = page.locator('[data-result] .edit sp-slider[title="Smile"] input');
  await smile.evaluate((input: HTMLInputElement) => {
    input.value = input.max;
    for (const type of ['input', 'change']) {
      input.dispatchEvent(new Event(type, { bubbles: true }));
    }
  });
  await page.locator('[data-result] img.edit-picture').waitFor({ timeout: 100_000 });
  // The layer is drawn once the hand rests.
  await page.getByText('Drawing the layer…').waitFor({ state: 'detached', timeout: 100_000 });
  await scene('edit');
  while (await page.getByText('Undo', { exact: true }).isEnabled()) await undo();

  await page.locator('[data-part="mouth"]').click();
  await page.locator('[data-test="feather"]').fill('4');
  await run(page, 'inpaint');
  await finished('Inpaint');
  await scene('inpaint');
  await shot('page-inpaint');
  while (await page.getByText('Undo', { exact: true }).isEnabled()) await undo();

  await page.locator('[data-operation="resample-style"] .fold').click();
  await panelShot('panel-options');
  await run(page, 'resample-style');
  await page.locator('[data-test="sheet"]').waitFor({ timeout: 100_000 });
  await page.locator('[data-operation="resample-style"] .fold').click();
  await scene('variants');
  await shot('page-variants');
  await page.keyboard.press('Escape');

  await dropFile(page, fixture('astronaut.png'), 'another.png');
  await page.locator('.layer-card', { hasText: 'another.png' }).locator('.chip').waitFor();
  await tab('batch');
  await page
    .locator('sp-dropdown[title="Operation"] select')
    .selectOption({ label: 'Super-resolve' });
  await page.locator('sp-button', { hasText: 'Open documents' }).click();
  await page
    .locator('[data-test="batch-summary"]', { hasText: '2 done' })
    .waitFor({ timeout: 100_000 });
  await shot('film/batch');

  await theme('light');
  await tab('models');
  await panelShot('panel-models');
}, 900_000);

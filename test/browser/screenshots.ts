import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { serve, type Serving } from './support/commandLine';
import { dropFile, fixture, launchBrowser, openPage, run, selectRectangle } from './support/page';

/* The pictures of docs/guide.md, taken of the real page with the starter model. */

const images = join(__dirname, '..', '..', 'docs', 'images');
let browser: Browser;
let serving: Serving;
let page: Page;

beforeAll(async () => {
  mkdirSync(images, { recursive: true });
  browser = await launchBrowser();
  serving = await serve();
  ({ page } = await openPage(browser, serving.pageUrl, { viewport: { width: 1280, height: 800 } }));
});
afterAll(async () => {
  await browser?.close();
  await serving?.stop();
});

const shot = (name: string) => page.screenshot({ path: join(images, `${name}.png`) });
const panelShot = (name: string) =>
  page.locator('[data-test="panel"]').screenshot({ path: join(images, `${name}.png`) });
const theme = (name: string) => page.locator(`[data-theme-choice="${name}"]`).click();
const finished = (label: string) =>
  page.locator('.section.result', { hasText: label }).locator('img').first().waitFor();

test('takes them', async () => {
  await page.locator('.dot-ready').waitFor();
  await theme('lightest');
  await shot('page-empty');

  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();
  await theme('dark');
  await shot('page-dark');

  await run(page, 'frontalize');
  await finished('Frontalize');
  await page.mouse.move(400, 780);
  await shot('page-result-dark');
  await panelShot('panel-dark');
  await theme('lightest');
  await shot('page-result-light');
  await panelShot('panel-light');

  await theme('darkest');
  await page.locator('[data-operation="resample-style"] .operation-name').click();
  await panelShot('panel-options');
  await run(page, 'resample-style');
  await page.locator('[data-layer$="seed 3"]').waitFor();
  await finished('Resample style');
  await page.locator('[data-operation="resample-style"] .operation-name').click();
  await shot('page-variants');

  await page.getByText('Undo', { exact: true }).click();
  await page.getByText('Undo', { exact: true }).click();
  await selectRectangle(page, { x: 0.38, y: 0.27 }, { x: 0.48, y: 0.33 });
  await run(page, 'inpaint');
  await finished('Inpaint');
  await shot('page-inpaint');

  await theme('light');
  await page.locator('[data-tab="models"]').click();
  await panelShot('panel-models');
});

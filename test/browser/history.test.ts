import type { Browser, BrowserContext, Page } from 'playwright-core';
import { stopAll, type TestServer } from '../support/bridgeServer';
import {
  dropFile,
  fixture,
  launchBrowser,
  layerNames,
  openPage,
  run,
  startFakeServer,
} from './support/page';

/* What was open and what was made is there again after a reload, a crash, and days. */

let browser: Browser;
let server: TestServer;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startFakeServer();
});
afterAll(async () => {
  await browser?.close();
  await stopAll();
});
beforeEach(async () => {
  ({ page } = await openPage(browser, server.invite().pageUrl));
  context = page.context();
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  await page.locator('[data-part="mouth"]').click();
  await page.locator('[data-kept="yes"]').waitFor();
});
afterEach(() => context.close());

test('a reload brings back documents, selection, undo and results, and asks nothing', async () => {
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked += 1;
    void dialog.accept();
  });
  await page.reload();
  await page.locator('[data-result]').waitFor();
  expect(asked).toBe(0);
  expect(await layerNames(page)).toEqual(['Fake frontalize · seed 0', 'astronaut']);
  await page.locator('[data-test="feather"]').waitFor();
  expect(await page.locator('[data-test="sheet"]').count()).toBe(0);
  // The same again is known to be there already.
  await page.locator('.chip').waitFor();
  await run(page, 'frontalize');
  await page.locator('[data-test="already-there"]').waitFor();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  expect(await layerNames(page)).toEqual(['astronaut']);
  await page.keyboard.press('Control+Shift+z');
  await page.locator('[data-result]').waitFor();
});

test('a tab that dies loses nothing, and what was closed stays closed', async () => {
  await page.close({ runBeforeUnload: false });
  page = await context.newPage();
  await page.goto(server.pageUrl());
  await page.locator('[data-layer^="Fake"]').waitFor();
  page.once('dialog', (dialog) => void dialog.accept());
  await page.locator('.document-tab .document-close').click();
  await page.locator('.empty').waitFor();
  await page.locator('[data-kept="yes"]').waitFor({ state: 'attached' });
  await page.reload();
  await page.locator('.dot-ready').waitFor();
  await page.locator('[data-kept="yes"]').waitFor({ state: 'attached' });
  expect(await page.locator('.empty').count()).toBe(1);
});

test('what was made is found by its words, and made of another layer with the same settings', async () => {
  await page.reload();
  await page.locator('.chip').waitFor();
  page.once('dialog', (dialog) => void dialog.accept());
  await page.locator('.document-tab .document-close').click();
  await dropFile(page, fixture('astronaut.png'), 'another.png');
  await page.locator('.chip').waitFor();
  await page.locator('[data-tab="results"]').click();
  const history = page.locator('[data-test="history"]');
  const search = history.locator('.search input');
  await search.fill('inpaint');
  await history.getByText('Nothing found.').waitFor();
  await search.fill('frontalize astronaut');
  await history.getByText('Same settings on this layer').click();
  await page.locator('[data-layer^="Fake frontalize"]').waitFor();
  await search.fill('');
  await history.locator('[data-entry]').nth(1).waitFor();
  await history.getByText('Forget all').click();
  await history.waitFor({ state: 'detached' });
});

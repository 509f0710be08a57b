import type { Browser, Page } from 'playwright-core';
import { stopAll, type TestServer } from '../support/bridgeServer';
import { dropFile, fixture, launchBrowser, openPage, run, startFakeServer } from './support/page';

/* The page as a screen reader is told of it: names, roles and states, compared with what is written here. */

let browser: Browser;
let server: TestServer;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startFakeServer();
  ({ page } = await openPage(browser, server.invite().pageUrl));
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  await page.locator('[data-kept="yes"]').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await stopAll();
});

/** The time that something took is another every time. */
const tree = async (selector: string): Promise<string> =>
  (await page.locator(selector).ariaSnapshot()).replace(/in [\d.]+ m?s/, 'in … ms');

test('tools, selecting, the picture and what lies below it', async () => {
  expect(await tree('.toolbar')).toMatchSnapshot();
  expect(await tree('main')).toMatchSnapshot();
});

test('layers, and the panel with its operations and the result', async () => {
  expect(await tree('.dock-layers')).toMatchSnapshot();
  expect(await tree('[data-test="panel"]')).toMatchSnapshot();
});

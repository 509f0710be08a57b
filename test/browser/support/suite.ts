import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { stopAll, type TestServer } from '../../support/bridgeServer';
import { serve, type Serving } from './commandLine';
import { dropFile, fixture, launchBrowser, openPage, startFakeServer } from './page';

/*
 * What the suites of the page stand on, set up by one call in each file. The bindings are live: `page` is
 * the page of the test that runs.
 */

export let browser: Browser;
/** The real server with the scripted processor; only under `useFakeServer`. */
export let server: TestServer;
export let page: Page;
/** What went wrong in the page and was not shown to the user. */
export let problems: readonly string[];

/** One browser for the file. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
}

/** One browser and one scripted server for the file; every test has a fresh profile, `prepare`d. */
export function useFakeServer(
  prepare: () => Promise<void> = openSample,
  options: BrowserContextOptions = {},
): void {
  useBrowser();
  beforeAll(async () => {
    server = await startFakeServer();
  });
  afterAll(stopAll);
  beforeEach(async () => {
    ({ page, problems } = await openPage(browser, server.invite().pageUrl, options));
    await prepare();
  });
  afterEach(async () => {
    expect(problems).toEqual([]);
    await page.context().close();
  });
}

/** `psp-layers serve` with real networks, and one page that the file's tests go on with. */
export function useCommandLine(options: BrowserContextOptions = {}): void {
  let serving: Serving;
  useBrowser();
  beforeAll(async () => {
    serving = await serve();
    ({ page, problems } = await openPage(browser, serving.pageUrl, options));
  });
  afterAll(() => serving?.stop());
}

/** Opens the sample photograph and waits for its face. */
export async function openSample(): Promise<void> {
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();
}

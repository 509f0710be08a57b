import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startTestServer } from '../../support/bridgeServer';

const root = join(__dirname, '..', '..', '..');
export const fixture = (name: string): string => join(root, 'test', 'fixtures', name);
export const pageFolder = join(root, 'dist', 'browser');

/** Where Chromium is; Debian's by default. */
const executablePath = process.env['PSP_CHROMIUM'] ?? '/usr/bin/chromium';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(`No Chromium at ${executablePath}. Install it, or name it in PSP_CHROMIUM.`);
  }
  if (!existsSync(join(pageFolder, 'index.html'))) {
    throw new Error('The page is not built. Run "npm run build" first.');
  }
  return chromium.launch({ executablePath, args: quiet });
}

/** The real server with the scripted processor, serving the built page. */
export const startFakeServer = (options: Parameters<typeof startTestServer>[0] = {}) =>
  startTestServer({ pageFolder, ...options });

export interface OpenedPage {
  readonly page: Page;
  /** What went wrong in the page and was not shown to the user. */
  readonly problems: readonly string[];
}

/** A fresh profile that opens the page as `npm start` does, paired by the code in the address. */
export async function openPage(
  browser: Browser,
  pageUrl: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 860 },
    acceptDownloads: true,
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/WebSocket connection/.test(message.text())) {
      problems.push(message.text());
    }
  });
  await page.goto(pageUrl);
  return { page, problems };
}

/** Drops files on the page, as a person does. */
export async function dropFile(page: Page, path: string, name: string): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  const base64 = (await readFile(path)).toString('base64');
  const transfer = await page.evaluateHandle(
    async ({ content, fileName }) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const made = new DataTransfer();
      made.items.add(new File([bytes], fileName));
      return made;
    },
    { content: base64, fileName: name },
  );
  await page.dispatchEvent('.page-frame', 'drop', { dataTransfer: transfer });
}

/** Names of the layers as the list shows them, top first. */
export const layerNames = (page: Page): Promise<string[]> =>
  page.locator('[data-layer]').evaluateAll((rows) => rows.map((row) => row.dataset['layer'] ?? ''));

/** Presses an operation's button. */
export const run = (page: Page, operation: string): Promise<void> =>
  page.locator(`[data-operation="${operation}"] sp-button`).click();

/** Unfolds an operation and chooses one of its installed models. */
export async function chooseModel(page: Page, operation: string, model: string): Promise<void> {
  const row = page.locator(`[data-operation="${operation}"]`);
  if ((await row.locator('.options').count()) === 0) await row.locator('.fold').click();
  await row.locator('sp-dropdown[title="Model"] select').selectOption({ label: model });
}

/** Where a place of the sample is in the window while it is fitted, in CSS pixels; given in shares of its sides. */
export async function documentPoint(
  page: Page,
  { x, y }: { x: number; y: number },
): Promise<{ x: number; y: number }> {
  const box = (await page.locator('[data-test="canvas"]').boundingBox())!;
  const side = Math.min(box.width - 64, box.height - 64, 512);
  return {
    x: box.x + (box.width - side) / 2 + x * side,
    y: box.y + (box.height - side) / 2 + y * side,
  };
}

/** Drags a rectangle over the canvas, in shares of the document. */
export async function selectRectangle(
  page: Page,
  from: { x: number; y: number },
  to: { x: number; y: number },
): Promise<void> {
  await page.locator('[data-tool="rectangle"]').click();
  await drag(page, from, to);
}

/** Drags the tool in hand over the canvas, in shares of the document. */
export async function drag(
  page: Page,
  from: { x: number; y: number },
  to: { x: number; y: number },
): Promise<void> {
  const [start, end] = [await documentPoint(page, from), await documentPoint(page, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
}

/** Presses Tab until the focus has a name, as a screen reader would say it. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 90; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
    });
    if (focused === name) return;
  }
  throw new Error(`Tab never reaches "${name}".`);
}

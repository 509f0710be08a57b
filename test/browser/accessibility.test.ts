import { readFileSync } from 'node:fs';
import { chooseModel, dropFile, fixture, layerNames, tabTo } from './support/page';
import { page, useFakeServer } from './support/suite';

/* The page for people who do not see it, or do not use a pointer: axe-core's whole rule set, and keys alone. */

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

useFakeServer(() => page.locator('.dot-ready').waitFor());

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: unknown; readonly failureSummary: string }[];
  }[];
}

/** Findings of every rule there is, best practices too. */
async function findings(): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary}`),
  );
}

const themes = ['darkest', 'dark', 'light', 'lightest'];

test.each(themes)('axe-core finds nothing in the theme %s', async (theme) => {
  await page.locator(`[data-theme-choice="${theme}"]`).click();
  expect(await findings()).toEqual([]);
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();
  await chooseModel(page, 'resample-style', 'several');
  await page.locator('[data-operation="resample-style"] sp-button').click();
  await page.locator('[data-test="sheet"]').waitFor();
  expect(await findings()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.locator('[data-tool="brush"]').click();
  await page.locator('[data-part="mouth"]').click();
  expect(await findings()).toEqual([]);
  for (const tab of ['results', 'batch', 'models', 'settings']) {
    await page.locator(`[data-tab="${tab}"]`).click();
    expect(await findings()).toEqual([]);
  }
});

test('inpainting by keys alone: the part, the operation, its name and its end are said', async () => {
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();
  await tabTo(page, 'Mouth');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Run Inpaint');
  await page.keyboard.press('Enter');
  await page
    .locator('[data-test="announcer"]', { hasText: 'Inpaint is done: 1 new layer.' })
    .waitFor({ state: 'attached' });
  expect(await layerNames(page)).toEqual(['Fake inpaint · seed 0', 'astronaut']);
});

test('in Korean the page says so, and nothing of it is left in English', async () => {
  await page.locator('[data-tab="settings"]').click();
  await page.locator('sp-dropdown select').first().selectOption({ label: '한국어' });
  await page.locator('html[lang="ko"]').waitFor({ state: 'attached' });
  expect(await page.locator('.empty-title').textContent()).toBe('사진이나 PSD를 여기에 놓으세요');
  expect(await findings()).toEqual([]);
});

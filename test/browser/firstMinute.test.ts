import { layerNames, tabTo } from './support/page';
import { page, problems, useCommandLine } from './support/suite';

/* What somebody meets who has just typed "npm start": the real server and its starter, by keys alone. */

useCommandLine();

const start = () => page.locator('[data-test="start"]');

test('sample, arrow, first result seen large, and taken back: no pointer is needed', async () => {
  await page.locator('.dot-ready').waitFor();
  expect(await start().count()).toBe(0);
  await tabTo(page, 'Try it with a sample');
  await page.keyboard.press('Enter');
  await start().waitFor();
  const arrow = (await start().locator('.start-arrow').boundingBox())!;
  const button = (await page.locator('[data-operation="frontalize"] sp-button').boundingBox())!;
  expect(arrow.y + arrow.height).toBeLessThanOrEqual(button.y + 4);
  expect(arrow.x).toBeGreaterThan(button.x);
  expect(arrow.x + arrow.width).toBeLessThan(button.x + button.width);

  await tabTo(page, 'Run Frontalize');
  await page.keyboard.press('Enter');
  // The model is read from the disk first, and a processor may have other work.
  await page.locator('[data-result]').waitFor({ timeout: 100_000 });
  await start().waitFor({ state: 'detached' });
  // The sample opens at 100 %, and its face fills a third of it.
  expect(await page.locator('[title="Ctrl+0"]').textContent()).toBe('250 % · Fit');
  expect(await page.locator('[data-test="message"]').textContent()).toContain('Your first result.');

  await page.keyboard.press('Control+z');
  await page.locator('[data-result]').waitFor({ state: 'detached' });
  expect(await layerNames(page)).toEqual(['astronaut']);
  await page.keyboard.press('Control+0');
  expect(await page.locator('[title="Ctrl+0"]').textContent()).toBe('100 % · Fit');
  expect(problems).toEqual([]);
});

test('whoever has made a result is not pointed at where to begin again', async () => {
  await page.reload();
  await page.locator('.dot-ready').waitFor();
  await page.locator('.chip').waitFor();
  await page.locator('[data-operation="frontalize"] sp-button:not([disabled])').waitFor();
  expect(await start().count()).toBe(0);
});

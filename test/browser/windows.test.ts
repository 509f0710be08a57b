import { run } from './support/page';
import { page, useFakeServer } from './support/suite';

/* Windows of every size: docks that are dragged and folded, and a phone held upright. */

useFakeServer();

const width = async (test: string) => (await page.locator(test).boundingBox())?.width ?? 0;
/** Nothing sticks out of the window, and nothing has to be scrolled sideways. */
const overhang = () =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('a dock is dragged, keeps its width over a reload, and is folded and unfolded by a key', async () => {
  const handle = page.locator('[data-handle="panel"]');
  const box = (await handle.boundingBox())!;
  await page.mouse.move(box.x + 4, 300);
  await page.mouse.down();
  await page.mouse.move(box.x - 96, 300, { steps: 3 });
  await page.mouse.up();
  expect(await width('.dock-panel')).toBe(408);
  await handle.focus();
  await page.keyboard.press('ArrowRight');
  expect(await width('.dock-panel')).toBe(392);
  await page.locator('[data-kept="yes"]').waitFor();
  await page.reload();
  await page.locator('.chip').waitFor();
  expect(await width('.dock-panel')).toBe(392);
  await handle.focus();
  await page.keyboard.press('Enter');
  expect(await width('.dock-panel')).toBeLessThanOrEqual(1);
  await page.keyboard.press('Enter');
  expect(await width('.dock-panel')).toBe(308);
  // At its least it is still whole.
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowRight');
  expect(await width('.dock-panel')).toBe(260);
  const scrolls = await page
    .locator('.psp-panel .scroll')
    .evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(scrolls).toBe(0);
});

test('on a phone held upright one photograph and one result fit, one dock at a time', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overhang()).toBe(0);
  expect(await page.locator('.dock-layers').isVisible()).toBe(false);
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  expect((await page.locator('[data-test="canvas"]').boundingBox())!.height).toBeGreaterThan(250);
  await page.locator('[data-dock-tab="layers"]').click();
  await page.locator('[data-layer^="Fake"]').waitFor();
  expect(await page.locator('.dock-panel').isVisible()).toBe(false);
  await page.locator('[data-dock-tab="layers"]').click();
  expect((await page.locator('[data-test="canvas"]').boundingBox())!.height).toBeGreaterThan(550);
});

test.each([
  [820, 900],
  [640, 400],
  [3840, 2160],
])('at %i × %i pixels picture and panel are both to be seen', async (windowWidth, height) => {
  await page.setViewportSize({ width: windowWidth, height });
  expect(await overhang()).toBe(0);
  const canvas = (await page.locator('[data-test="canvas"]').boundingBox())!;
  expect(Math.min(canvas.width, canvas.height)).toBeGreaterThan(200);
  const button = (await page.locator('[data-operation="reconstruct"] sp-button').boundingBox())!;
  expect(button.y + button.height).toBeLessThanOrEqual(height);
});

import { pixel, selectedAt, type Corner } from './support/canvas';
import { documentPoint, run } from './support/page';
import { openSample, page, useFakeServer } from './support/suite';

/* Selecting and looking on the canvas, by pointer and by fingers. */

useFakeServer(openSample, { hasTouch: true });

/** Draws an outline through places given in shares of the document. */
async function drawAround(corners: readonly Corner[], keys: readonly string[] = []): Promise<void> {
  const points = await Promise.all(corners.map(([x, y]) => documentPoint(page, { x, y })));
  for (const key of keys) await page.keyboard.down(key);
  await page.mouse.move(points[0]!.x, points[0]!.y);
  await page.mouse.down();
  for (const { x, y } of points.slice(1)) await page.mouse.move(x, y, { steps: 3 });
  await page.mouse.up();
  for (const key of keys) await page.keyboard.up(key);
}

const square = (left: number, top: number, side: number): readonly Corner[] => [
  [left, top],
  [left + side, top],
  [left + side, top + side],
  [left, top + side],
];

test('a lasso selects; Shift adds, Alt takes away, buttons do the same for who has no keys', async () => {
  await page.locator('[data-tool="lasso"]').click();
  await drawAround(square(0.1, 0.1, 0.3));
  expect(await selectedAt([0.2, 0.2], [0.7, 0.7])).toEqual([true, false]);
  await page.keyboard.press('l');
  await drawAround(square(0.6, 0.6, 0.3), ['Shift']);
  await page.locator('[data-tool="lasso"]').click();
  await drawAround(square(0.15, 0.15, 0.1), ['Alt']);
  expect(await selectedAt([0.35, 0.35], [0.2, 0.2], [0.7, 0.7])).toEqual([true, false, true]);
  await page.locator('[data-tool="lasso"]').click();
  await page.locator('[data-mode="subtract"]').click();
  await drawAround(square(0.55, 0.55, 0.4));
  expect(await selectedAt([0.35, 0.35], [0.7, 0.7])).toEqual([true, false]);
});

test('the selection is feathered by a slider in one step, and inverted', async () => {
  await page.locator('[data-part="mouth"]').click();
  const feather = page.locator('[data-test="feather"]');
  await feather.fill('8');
  await feather.fill('20');
  expect(await feather.getAttribute('aria-valuetext')).toBe('20 px');
  await page.getByText('Invert', { exact: true }).click();
  expect(await selectedAt([0.05, 0.95])).toEqual([true]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.locator('[data-test="feather"][aria-valuetext="0 px"]').waitFor();
  await page.locator('.optionsbar').getByText('Deselect').click();
  await feather.waitFor({ state: 'detached' });
});

test('a ring shows how far the brush reaches, at any zoom', async () => {
  const ring = page.locator('[data-test="brush-ring"]');
  const { x, y } = await documentPoint(page, { x: 0.5, y: 0.5 });
  await page.mouse.move(x, y);
  expect(await ring.isVisible()).toBe(false);
  await page.keyboard.press('b');
  await page.mouse.move(x + 1, y);
  expect((await ring.boundingBox())!.width).toBeCloseTo(48, 0);
  await page.mouse.wheel(0, -400 * Math.LN2);
  await page.locator('[title="Ctrl+0"]', { hasText: '200 %' }).waitFor();
  await page.mouse.move(x, y);
  const box = (await ring.boundingBox())!;
  expect(box.width).toBeCloseTo(96, 0);
  expect(box.x + box.width / 2).toBeCloseTo(x, 0);
});

test('two fingers zoom, and what the first of them began is no stroke', async () => {
  await page.keyboard.press('b');
  const fingers = await page.context().newCDPSession(page);
  const { x, y } = await documentPoint(page, { x: 0.5, y: 0.5 });
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: readonly number[]) =>
    fingers.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: xs.map((at, id) => ({ x: at, y, id })),
    });
  await touch('touchStart', x);
  await touch('touchStart', x, x + 100);
  await touch('touchMove', x, x + 150);
  await touch('touchMove', x, x + 200);
  await touch('touchEnd');
  await page.locator('[title="Ctrl+0"]', { hasText: '200 %' }).waitFor();
  expect(await page.getByText('Undo', { exact: true }).isDisabled()).toBe(true);
});

test('nothing lies over a result that has just come, until the selection is worked on again', async () => {
  await page.locator('[data-tool="rectangle"]').click();
  await drawAround([
    [0.3, 0.1],
    [0.55, 0.35],
  ]);
  const border = async () => [await pixel(0.3, 0.2), await pixel(0.3, 0.22)];
  await page.keyboard.press('h');
  await run(page, 'inpaint');
  await page.locator('[data-result]').waitFor();
  const bare = await border();
  await page.keyboard.press('m');
  expect(await border()).not.toEqual(bare);
});

test('Alt on the eye shows one layer alone and changes nothing', async () => {
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  await page.locator('[data-layer="astronaut"] .eye').click({ modifiers: ['Alt'] });
  const solo = page.locator('[data-test="solo"]');
  expect(await solo.textContent()).toBe('Only “astronaut” is shown');
  expect(await page.locator('.layer-hidden').count()).toBe(0);
  const alone = await pixel(0.44, 0.25);
  await page.getByText('Show all').click();
  await solo.waitFor({ state: 'detached' });
  expect(await pixel(0.44, 0.25)).not.toEqual(alone);
});

test('a tap moves the divider in the panel, a slider the one on the canvas', async () => {
  await run(page, 'frontalize');
  const box = page.locator('[data-result] .before-after');
  await box.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await box.boundingBox())!;
  const line = async () => (await page.locator('.before-after-line').boundingBox())!.x;
  await page.touchscreen.tap(x + width * 0.3, y + height / 2);
  expect(Math.abs((await line()) - (x + width * 0.3))).toBeLessThan(2);
  await page.locator('[data-test="split"]').click();
  const divider = page.getByLabel('Where before ends');
  await divider.fill('0');
  const after = await pixel(0.44, 0.25);
  await divider.fill('100');
  expect(await pixel(0.44, 0.25)).not.toEqual(after);
});

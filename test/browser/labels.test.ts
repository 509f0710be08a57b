import { pixels, selectedAt } from './support/canvas';
import { drag, layerNames } from './support/page';
import { page, useFakeServer } from './support/suite';

/* Painting a label map with the palette's swatches. */

useFakeServer();

const left = { x: 0.25, y: 0.5 };
const right = { x: 0.75, y: 0.5 };
const middle = [0.5, 0.5] as const;
const above = [0.5, 0.2] as const;

const unfold = (): Promise<void> => page.locator('[data-operation="labels-to-face"] .fold').click();

const stroke = (): Promise<void> => drag(page, left, right);

test('swatches come with the operation; a stroke paints a new layer in one step, above the photograph', async () => {
  const swatches = page.locator('[data-swatch]');
  expect(await swatches.count()).toBe(0);
  await unfold();
  expect(await swatches.count()).toBe(19);
  await page.locator('[data-swatch="hair"]').click();
  await stroke();
  expect((await layerNames(page))[0]).toBe('Label map');
  const [painted, beside] = await pixels([middle, above]);
  expect(painted).toEqual([0, 0, 204]);
  expect(beside).not.toEqual([0, 0, 0]);
  await page.locator('[data-swatch="skin"]').click();
  await stroke();
  expect(await layerNames(page)).toHaveLength(2);
  expect(await pixels([middle])).toEqual([[204, 0, 0]]);
  await page.keyboard.press('Control+z');
  expect(await pixels([middle])).toEqual([[0, 0, 204]]);
});

test('the eraser wipes labels; without a swatch the brush selects as ever', async () => {
  await unfold();
  await page.locator('[data-swatch="hat"]').click();
  await stroke();
  expect(await pixels([middle])).toEqual([[255, 51, 153]]);
  await page.locator('[data-tool="eraser"]').click();
  await stroke();
  expect(await pixels([middle])).not.toEqual([[255, 51, 153]]);
  await page.locator('[data-swatch="hat"]').click();
  await page.locator('[data-tool="brush"]').click();
  await stroke();
  expect(await selectedAt(middle, above)).toEqual([true, false]);
});

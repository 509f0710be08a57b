import { pixels, selectedAt, type Corner } from './support/canvas';
import { run } from './support/page';
import { openSample, page, problems, useCommandLine } from './support/suite';

/* Parts of a face selected by name, with the real networks. */

useCommandLine();
beforeAll(openSample);
afterEach(() => {
  expect(problems).toEqual([]);
});

const hair: Corner = [0.44, 0.06];
const cheek: Corner = [0.4, 0.25];
const mouth: Corner = [0.4375, 0.28];
const beside: Corner = [0.2, 0.1];

const select = async (part: string, modifiers: ('Shift' | 'Alt')[] = []): Promise<void> => {
  await page.locator(`[data-part="${part}"]`).click({ modifiers });
  await page.locator('.message-busy').waitFor({ state: 'detached' });
};

test('hair is selected and nothing else; Shift adds a part, Alt takes one away', async () => {
  await select('hair');
  expect(await selectedAt(hair, cheek, mouth, beside)).toEqual([true, false, false, false]);
  await select('skin', ['Shift']);
  expect(await selectedAt(hair, cheek, mouth, beside)).toEqual([true, true, false, false]);
  await select('hair', ['Alt']);
  expect(await selectedAt(hair, cheek, mouth, beside)).toEqual([false, true, false, false]);
});

test('what nobody wears is said, and the selection stays', async () => {
  await select('glasses');
  const said = page.locator('[data-test="message"]');
  expect(await said.textContent()).toContain('Not found here: Glasses.');
  expect(await selectedAt(hair, cheek)).toEqual([false, true]);
});

test('the selected hair is filled, and the face stays as it is', async () => {
  await select('hair');
  await page.locator('[data-tool="hand"]').click();
  const places = [hair, cheek, mouth, beside];
  const before = await pixels(places);
  await run(page, 'inpaint');
  await page.locator('[data-result]').waitFor({ timeout: 100_000 });
  const after = await pixels(places);
  const changed = after.map((colour, i) => colour.some((value, c) => value !== before[i]![c]));
  expect(changed).toEqual([true, false, false, false]);
});

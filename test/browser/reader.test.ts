import { run } from './support/page';
import { openSample, page, useFakeServer } from './support/suite';

/* The page as a screen reader is told of it: names, roles and states, compared with what is written here. */

useFakeServer(async () => {
  await openSample();
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  await page.locator('[data-kept="yes"]').waitFor();
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

import { dropFile, fixture, layerNames, run } from './support/page';
import { openSample, page, server, useFakeServer } from './support/suite';

/* What was open and what was made is there again after a reload, a crash, and days. */

useFakeServer(async () => {
  await openSample();
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  await page.locator('[data-part="mouth"]').click();
  await page.locator('[data-kept="yes"]').waitFor();
});

test('a reload brings back documents, selection, undo and results, and asks nothing', async () => {
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked += 1;
    void dialog.accept();
  });
  await page.reload();
  await page.locator('[data-result]').waitFor();
  expect(asked).toBe(0);
  expect(await layerNames(page)).toEqual(['Fake frontalize · seed 0', 'astronaut']);
  await page.locator('[data-test="feather"]').waitFor();
  expect(await page.locator('[data-test="sheet"]').count()).toBe(0);
  // The same again is known to be there already.
  await page.locator('.chip').waitFor();
  await run(page, 'frontalize');
  await page.locator('[data-test="already-there"]').waitFor();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  expect(await layerNames(page)).toEqual(['astronaut']);
  await page.keyboard.press('Control+Shift+z');
  await page.locator('[data-result]').waitFor();
});

test('a tab that dies loses nothing, and what was closed stays closed', async () => {
  await page.close({ runBeforeUnload: false });
  const again = await page.context().newPage();
  await again.goto(server.pageUrl());
  await again.locator('[data-layer^="Fake"]').waitFor();
  again.once('dialog', (dialog) => void dialog.accept());
  await again.locator('.document-tab .document-close').click();
  await again.locator('.empty').waitFor();
  await again.locator('[data-kept="yes"]').waitFor({ state: 'attached' });
  await again.reload();
  await again.locator('.dot-ready').waitFor();
  await again.locator('[data-kept="yes"]').waitFor({ state: 'attached' });
  expect(await again.locator('.empty').count()).toBe(1);
});

test('a second tab says that the first keeps, overwrites nothing, and takes over when it is closed', async () => {
  const second = await page.context().newPage();
  await second.goto(server.pageUrl());
  await second.getByText('This page is open in another tab').waitFor();
  await second.getByText('Not kept: open in another tab').waitFor();
  await dropFile(second, fixture('astronaut.png'), 'second.png');
  await second.locator('.chip').waitFor();
  await run(second, 'frontalize');
  await second.locator('[data-result]').waitFor();
  expect(await second.locator('[data-kept="yes"]').count()).toBe(0);

  await page.close({ runBeforeUnload: false });
  await second.getByText('The other tab is closed').waitFor();
  await second.locator('[data-kept="yes"]').waitFor();
  // Its own document stays in front, and each result is with its document.
  expect(await second.locator('.document-tab').allInnerTexts()).toEqual([
    expect.stringContaining('second'),
    expect.stringContaining('astronaut'),
  ]);
  expect(await layerNames(second)).toEqual(['Fake frontalize · seed 0', 'second']);
  expect(await second.locator('[data-result]').count()).toBe(1);

  await second.reload();
  await second.locator('[data-kept="yes"]').waitFor();
  expect(await second.locator('.document-tab').count()).toBe(2);
  await second.locator('[data-tab="results"]').click();
  await second.locator('[data-entry]').nth(1).waitFor();
});

test('a disk that is full is said', async () => {
  const disk = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await disk.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await page.getByText('Invert', { exact: true }).click();
  await page.getByText('Not kept: the disk is full. Save your work.').waitFor();
});

test('what was made is found by its words, and made of another layer with the same settings', async () => {
  await page.reload();
  await page.locator('.chip').waitFor();
  page.once('dialog', (dialog) => void dialog.accept());
  await page.locator('.document-tab .document-close').click();
  await dropFile(page, fixture('astronaut.png'), 'another.png');
  await page.locator('.chip').waitFor();
  await page.locator('[data-tab="results"]').click();
  const history = page.locator('[data-test="history"]');
  const search = history.locator('.search input');
  await search.fill('inpaint');
  await history.getByText('Nothing found.').waitFor();
  await search.fill('frontalize astronaut');
  await history.getByText('Same settings on this layer').click();
  await page.locator('[data-layer^="Fake frontalize"]').waitFor();
  await search.fill('');
  await history.locator('[data-entry]').nth(1).waitFor();
  await history.getByText('Forget all').click();
  await history.waitFor({ state: 'detached' });
});

import { stopAll } from '../support/bridgeServer';
import {
  chooseModel,
  dropFile,
  fixture,
  layerNames,
  openPage,
  run,
  startFakeServer,
} from './support/page';
import { browser, useBrowser } from './support/suite';

useBrowser();
afterEach(stopAll);

test('a killed bridge is noticed, and the panel comes back by itself', async () => {
  const first = await startFakeServer();
  const { page } = await openPage(browser, first.invite().pageUrl);
  await page.locator('.dot-ready').waitFor();
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();

  await first.stop(0);
  await page.locator('[data-test="connection-help"]', { hasText: 'psp-layers serve' }).waitFor();
  // The picture is the user's, whatever the bridge does.
  expect(await layerNames(page)).toEqual(['astronaut']);

  await startFakeServer({ port: first.port, userFolder: first.userFolder });
  await page.locator('.dot-ready').waitFor();
  await run(page, 'frontalize');
  await page.locator('[data-result]').waitFor();
  await page.context().close();
});

test('a job survives the bridge that it was sent to', async () => {
  const first = await startFakeServer();
  const { page } = await openPage(browser, first.invite().pageUrl);
  await page.locator('.dot-ready').waitFor();
  await dropFile(page, fixture('astronaut.png'), 'astronaut.png');
  await page.locator('.chip').waitFor();
  await chooseModel(page, 'frontalize', 'hang');
  await run(page, 'frontalize');
  await page.locator('[data-test="job-stage"]', { hasText: 'Encoding' }).waitFor();
  await first.stop(0);
  await page.locator('[data-test="connection-help"]').waitFor();
  await startFakeServer({ port: first.port, userFolder: first.userFolder });
  await page.locator('.dot-ready').waitFor();
  // Told as failed by the server that went, or sent anew to the one that came: never silent.
  await page.locator('.job').waitFor();
  await page.context().close();
});

test('a page without a code is asked to pair, and a code pairs it', async () => {
  const server = await startFakeServer();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://localhost:${server.port}/`);
  await page.getByText('Pair once').waitFor();
  await page.locator('.connection sp-textfield input').fill(server.invite().pairingCode);
  await page.locator('.connection sp-button').click();
  await page.locator('.dot-ready').waitFor();
  await context.close();
});

test('a wrong code is told', async () => {
  const server = await startFakeServer();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://localhost:${server.port}/`);
  server.invite();
  await page.locator('.connection sp-textfield input').fill('0000-0000');
  await page.locator('.connection sp-button').click();
  await page.locator('.connection .error').waitFor();
  expect(await page.locator('.connection .error').textContent()).not.toBe('');
  await context.close();
});

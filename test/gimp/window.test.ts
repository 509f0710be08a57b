import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stopAll, type TestServer } from '../support/bridgeServer';
import { startPair, untilJobs } from './support/fakeBridge';
import { describeGimp } from './support/gimpRoot';
import type { GimpSession } from './support/gimpSession';

describeGimp('a person at a GIMP window', () => {
  let gimp: GimpSession;
  let server: TestServer;
  beforeAll(async () => {
    ({ gimp, server } = await startPair({ screen: true }));
    await copyFile('test/fixtures/astronaut.png', join(gimp.folder, 'astronaut.png'));
    await gimp.run(`
image = load('astronaut.png')
photo = image.get_layers()[0]
Gimp.Display.new(image)
Gimp.displays_flush()
fill_screen(focus('GIMP$'))
def names(): return [layer.get_name() for layer in image.get_layers()]
def dump(): return save_bytes('dump', b''.join(read(layer, "R'G'B'A u8") for layer in image.get_layers()))
`);
  });
  afterAll(async () => {
    await gimp.close();
    await stopAll();
  });

  test('the dialog runs the filter, one undo takes all of it back, and Repeat runs it again', async () => {
    const answer = await gimp.run<string[][]>(`
answer = [names()]
type_keys('ctrl+alt+r')
focus('^Resample style$')
type_keys('Return')
until(lambda: len(names()) == 2)
answer.append(names())
focus('GIMP$')
type_keys('ctrl+z')
until(lambda: len(names()) == 1)
answer.append(names())
type_keys('ctrl+f')
until(lambda: len(names()) == 2)
answer.append(names())
type_keys('ctrl+z')
until(lambda: len(names()) == 1)
`);
    expect(answer).toEqual([
      ['Background'],
      ['Fake resample-style · seed 1', 'Background'],
      ['Background'],
      ['Fake resample-style · seed 1', 'Background'],
    ]);
  });
});

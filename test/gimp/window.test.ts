import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stopAll, type TestServer } from '../support/bridgeServer';
import { untilJobs } from '../support/untilJobs';
import { startPair } from './support/fakeBridge';
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
`);
  });
  afterAll(async () => {
    await gimp.close();
    await stopAll();
  });

  interface Seen {
    readonly names: readonly string[];
    readonly metadata: string;
    readonly pixels: string;
    readonly selection: readonly number[];
  }

  test('the dialog runs the filter, one undo restores the image exactly, Repeat runs it again', async () => {
    const seen = await gimp.run<Seen[]>(`
image.select_ellipse(Gimp.ChannelOps.REPLACE, 40, 40, 99, 77)
def see():
    pixels = [read(item, "R'G'B'A u8") for item in [*image.get_layers(), image.get_selection()]]
    return {
        'names': names(), 'metadata': image.get_metadata().serialize(),
        'pixels': hashlib.sha256(b''.join(pixels)).hexdigest(),
        'selection': list(Gimp.Selection.bounds(image))[2:],
    }
answer = [see()]
type_keys('ctrl+alt+r')
focus('^Resample style$')
type_keys('Return')
until(lambda: len(names()) == 2)
answer.append(see())
focus('GIMP$')
type_keys('ctrl+z')
until(lambda: len(names()) == 1)
answer.append(see())
type_keys('ctrl+f')
until(lambda: len(names()) == 2)
answer.append(see())
type_keys('ctrl+z')
until(lambda: len(names()) == 1)
`);
    const [before, made, undone, repeated] = seen;
    expect(before!.names).toEqual(['Background']);
    expect(made).toMatchObject({ names: ['Fake resample-style · seed 1', 'Background'] });
    expect(made!.selection).toEqual(before!.selection);
    expect(made!.metadata).toContain('pspLayers:operation">resample-style<');
    expect(undone).toEqual(before);
    expect(repeated).toEqual(made);
  });

  test('what was chosen in the dialog is remembered', async () => {
    const made = await gimp.run<string[]>(`
def run_dialog(*keys):
    focus('GIMP$')
    type_keys('ctrl+alt+r')
    focus('^Resample style$')
    type_keys(*keys, 'Return')
    until(lambda: len(names()) == 2)
    made = names()[0]
    focus('GIMP$')
    type_keys('ctrl+z')
    until(lambda: len(names()) == 1)
    return made
# From OK back to the seed, and forward again.
answer = [run_dialog(*['shift+Tab'] * 24, '4', '2', *['Tab'] * 24), run_dialog()]
`);
    expect(made).toEqual(['Fake resample-style · seed 42', 'Fake resample-style · seed 42']);
  });

  test('a part of the face is selected by its dialog, and one undo brings the selection back', async () => {
    const seen = await gimp.run<number[][]>(`
def selection(): return list(Gimp.Selection.bounds(image))[2:]
before = selection()
focus('GIMP$')
type_keys('ctrl+alt+p')
focus('^Select a part of a face$')
type_keys('Return')
until(lambda: selection() != before)
answer = [before, selection()]
focus('GIMP$')
type_keys('ctrl+z')
until(lambda: selection() == before)
answer.append([len(image.get_channels())])
`);
    expect(seen).toEqual([[40, 40, 139, 117], [128, 128, 384, 256], [0]]);
  });

  test("GIMP's Cancel button stops the bridge's work too, and nothing changes", async () => {
    await gimp.run(`
focus('GIMP$')
type_keys('ctrl+alt+f')
focus('^Frontalize$')
# From OK back to the list of models, to the one that works until it is cancelled, and forward.
type_keys(*['shift+Tab'] * 5, 'space', 'Down', 'Down', 'Return', *['Tab'] * 5, 'Return')
`);
    await untilJobs(server.port, { running: 1 });
    await gimp.run(`click(1000, 782)`);
    await untilJobs(server.port, { running: 0 });
    expect(await gimp.run('answer = names()')).toEqual(['Background']);
  });
});

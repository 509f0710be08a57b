import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGimp } from './support/gimpRoot';
import { GimpSession } from './support/gimpSession';
import { startRealBridge, type RealBridge } from '../support/realBridge';

/** The guide's pictures are these, as .webp. */
const pictures = join(__dirname, '..', '..', 'build', 'gimp');

describeGimp('the starter model in a GIMP window', () => {
  let gimp: GimpSession;
  let bridge: RealBridge;
  beforeAll(async () => {
    const folder = await GimpSession.makeFolder();
    bridge = await startRealBridge(GimpSession.userFolder(folder));
    await mkdir(pictures, { recursive: true });
    await copyFile('test/fixtures/astronaut.png', join(folder, 'astronaut.png'));
    gimp = await GimpSession.start(folder, { bridgePort: bridge.port, screen: true });
  });
  afterAll(async () => {
    await gimp.close();
    await bridge.stop();
  });

  const photograph = async (name: string): Promise<void> => {
    await gimp.run(`photograph_screen('${name}')`);
    await copyFile(join(gimp.folder, name), join(pictures, name));
  };

  test('an edit is seen beside its sliders, in the dialog', async () => {
    await gimp.run(`
image = load('astronaut.png')
photo = image.get_layers()[0]
photo.set_name('Photo')
Gimp.Display.new(image)
Gimp.displays_flush()
fill_screen(focus('GIMP$'))
# Room for layers and their names, and the picture in the middle.
drag(1046, 423, 960, 423)
drag(1124, 457, 1124, 200)
type_keys('ctrl+shift+j')
type_keys('ctrl+alt+e')
dialog = focus('^Edit$')
move_window(dialog, 4, 40)
unedited = until(lambda: seen_beside(dialog), seconds=60)
# Over the number that stands beside the first slider, the turn of the head.
double_click(384, 243)
type_keys('2', '0', 'Tab')
until(lambda: seen_beside(dialog) not in (None, unedited), seconds=60)
`);
    await photograph('gimp-dialog.png');
    await gimp.run(`
type_keys('Escape')
# On GIMP's title, where the pointer hides nothing.
focus('GIMP$')
click(640, 10)
`);
  });

  test('variants of a face, from the dialog to layers with masks', async () => {
    await gimp.run(`
focus('GIMP$')
type_keys('ctrl+alt+r')
focus('^Resample style$')
`);
    const names = await gimp.run<string[]>(`
type_keys('Return')
until(lambda: len(image.get_layers()) == 2, seconds=110)
group = image.get_layers()[0]
until(lambda: len(group.get_children()) == 3)
focus('GIMP$')
answer = [group.get_name(), *(layer.get_name() for layer in group.get_children())]
`);
    await photograph('gimp-result.png');
    expect(names).toEqual([
      'Resample style · Photo',
      ...[3, 2, 1].map((seed) => expect.stringMatching(`^seed ${seed} · face 1 · .+$`)),
    ]);
  });
});

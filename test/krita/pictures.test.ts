import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startRealBridge, type RealBridge } from '../support/realBridge';
import { photographFile } from '../support/sameResult';
import { describeKrita, KritaSession } from './support/kritaSession';

/** The guide's pictures are these, as .webp. */
const pictures = join(__dirname, '..', '..', 'build', 'krita');

describeKrita('the starter model in a Krita window', () => {
  let krita: KritaSession;
  let bridge: RealBridge;
  beforeAll(async () => {
    const folder = await KritaSession.makeFolder();
    bridge = await startRealBridge(KritaSession.userFolder(folder));
    await mkdir(pictures, { recursive: true });
    await copyFile(photographFile, join(folder, 'astronaut.png'));
    krita = await KritaSession.start(folder, bridge.port);
  });
  afterAll(async () => {
    await krita.close();
    await bridge.stop();
  });

  const photograph = async (name: string): Promise<void> => {
    // What was put into a list shows once Krita has laid it out and painted it.
    await krita.run(`
part('faces').doItemsLayout()
QApplication.processEvents()
photograph_screen('${name}')
`);
    await copyFile(join(krita.folder, name), join(pictures, name));
  };

  test('variants of a face, from the docker to layers with masks', async () => {
    await krita.run(`
window = app.windows()[0].qwindow()
window.showMaximized()
for one in app.dockers():
    one.setVisible(one.objectName() in ('KisLayerBox', 'ToolBox', 'pspLayers'))
layer_box = next(one for one in app.dockers() if one.objectName() == 'KisLayerBox')
window.resizeDocks([docker()], [430], Qt.Horizontal)
window.resizeDocks([layer_box, docker()], [230, 600], Qt.Vertical)
document = show(app.openDocument(str(HERE / 'astronaut.png')))
document.topLevelNodes()[0].setName('Photo')
next(one for one in app.actions() if one.objectName() in ('zoom_to_fit', 'zoom_to_100pct', 'zoom_to_100_pct')).trigger()
choose('operation', 'resample-style')
set_parameter('variants', 3)
look()
answer = at_rest
`);
    await photograph('krita-docker.png');
    const made = await krita.run<string>(`
run()
answer = lambda: at_rest() and names(document.rootNode())
`);
    await photograph('krita-result.png');
    expect(made).toMatch(
      /^Resample style · Photo\(seed 3 · face 1 · .+, seed 2 · face 1 · .+, seed 1 · face 1 · .+\), Photo$/,
    );
  });
});

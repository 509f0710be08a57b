import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kritaPlugIn } from '../../bridge-server/cli/pythonPlugIn';
import { operations } from '../../bridge-server/operations/registry';
import { zipFolders } from '../../scripts/zipFolder';
import { startTestServer, stopAll, type TestServer } from '../support/bridgeServer';
import { untilJobs } from '../support/untilJobs';
import { describeKrita, KritaSession, type LayerDump } from './support/kritaSession';

const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255);

describeKrita('the docker in Krita', () => {
  let krita: KritaSession;
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    const folder = await KritaSession.makeFolder();
    await writeFile(join(KritaSession.userFolder(folder), 'token'), server.token);
    await writeFile(join(folder, 'noise'), noise(80 * 60 * 8));
    krita = await KritaSession.start(folder, server.port);
    await krita.run(`
noise = (HERE / 'noise').read_bytes()
docker().setVisible(True)
def photo_document(**colours):
    "A layer of noise, partly outside of the document."
    document = new_document(80, 80, **colours)
    sample = len(bytes(document.rootNode().childNodes()[0].pixelData(0, 0, 1, 1)))
    photo = add_layer(document, 'Photo', -8, 12, 80, 60, noise[:80 * 60 * sample])
    return document, photo
def layer_named(document, name): return describe(document.nodeByName(name))
`);
  });
  afterAll(async () => {
    await krita.close();
    await stopAll();
  });

  /** Runs an operation with one of the fake's models on a new document's layer of noise. */
  const run = <T>(operation: string, model: string, answer: string, before = ''): Promise<T> =>
    krita.run(`
document, photo = photo_document()
choose('operation', '${operation}')
look()
def press():
    if at_rest() is None: return None
    choose('model', '${model}')
    steps.append(len(history()))
    ${before || 'pass'}
    run()
    now.append(lambda: at_rest() and (${answer}))
steps, now = [], [press]
answer = lambda: now[-1]()
`);

  test('offers every operation', async () => {
    const offered = await krita.run<string[]>(
      `answer = [part('operation').itemData(i) for i in range(part('operation').count())]`,
    );
    expect(offered).toEqual(operations.declarations.map(({ id }) => id));
  });

  test('shows the faces of the layer with their pictures when the pointer comes', async () => {
    const faces = await krita.run<unknown>(`
document, photo = photo_document()
choose('operation', 'frontalize')
look()
faces = part('faces')
answer = lambda: at_rest() and [[faces.item(i).text(), faces.item(i).icon().isNull()] for i in range(faces.count())]
`);
    expect(faces).toEqual([
      ['All faces', true],
      ['1', false],
    ]);
  });

  test('a result lands above its layer with a mask, in one step of the history', async () => {
    const seen = await run<{
      names: string[];
      active: string;
      steps: number;
      made: LayerDump;
      photo: LayerDump;
    }>(
      'frontalize',
      'plain',
      `{
        'names': [names(document.rootNode())], 'active': document.activeNode().name(),
        'steps': len(history()) - steps[0],
        'made': layer_named(document, 'Fake frontalize · seed 0'), 'photo': describe(photo),
    }`,
    );
    expect(seen.names).toEqual(['Fake frontalize · seed 0, Photo, Background']);
    expect(seen.active).toBe('Photo');
    expect(seen.steps).toBe(1);
    expect(seen.made).toMatchObject({ depth: 'U8', visible: true, profile: seen.photo.profile });
    expect(await negativeOf(seen.made, seen.photo, 1)).toEqual(await readFile(seen.made.pixels));
    const mask = await readFile(seen.made.mask!);
    expect(mask).toHaveLength(seen.made.width * seen.made.height);
    expect(new Set(mask).size).toBeGreaterThan(0);
  });

  test('undo takes it away and nothing else, redo brings it back', async () => {
    const after = (action: string): Promise<string> =>
      krita.run(`
app.action('${action}').trigger()
document.waitForDone()
answer = names(document.rootNode())
`);
    expect(await after('edit_undo')).toBe('Photo, Background');
    expect(await after('edit_redo')).toBe('Fake frontalize · seed 0, Photo, Background');
  });

  test('variants come in a group, the seed first, one of them shown, in one step', async () => {
    const seen = await run<{ names: string; visible: boolean[]; steps: number }>(
      'resample-style',
      'several',
      `{
        'names': names(document.rootNode()), 'steps': len(history()) - steps[0],
        'visible': [child.visible() for child in document.nodeByName('Resample style · Photo').childNodes()],
    }`,
      `set_parameter('variants', 3)`,
    );
    expect(seen.names).toBe(
      'Resample style · Photo(seed 3 · face 1 · several, seed 2 · face 1 · several, seed 1 · face 1 · several), Photo, Background',
    );
    expect(seen.visible).toEqual([true, false, false]);
    expect(seen.steps).toBe(1);
  });

  test.each([
    ['U16', 'RGBA', 'sRGB-elle-V2-srgbtrc.icc', 2],
    ['U8', 'RGBA', 'ClayRGB-elle-V2-g22.icc', 1],
    ['U8', 'GRAYA', 'Gray-D50-elle-V2-srgbtrc.icc', 1],
  ] as const)(
    'a document in %s %s (%s) gets a layer of its own colours',
    async (depth, model, profile, bytes) => {
      const seen = await krita.run<{ made: LayerDump; photo: LayerDump }>(`
document, photo = photo_document(model='${model}', depth='${depth}', profile='${profile}')
choose('operation', 'frontalize')
choose('model', 'plain')
run()
answer = lambda: at_rest() and {'made': layer_named(document, 'Fake frontalize · seed 0'), 'photo': describe(photo)}
`);
      expect(seen.made).toMatchObject({ depth, profile: seen.photo.profile });
      if (profile.startsWith('sRGB')) {
        const wanted = await negativeOf(seen.made, seen.photo, bytes);
        expect(wanted).toEqual(await readFile(seen.made.pixels));
      }
    },
  );

  test('its file tells how layers were made, behind what is said already, and not where that is not wanted', async () => {
    const seen = await krita.run<{ packet: string; information: string; without: unknown }>(`
document, photo = photo_document()
document.setDocumentInfo(document.documentInfo().replace('<description>', '<description>By Ana'))
choose('operation', 'frontalize')
choose('model', 'plain')
run()
def again():
    if at_rest() is None: return None
    part('note').setChecked(False)
    run()
    now.append(save)
def save():
    if at_rest() is None: return None
    part('note').setChecked(True)
    document.setBatchmode(True)
    document.saveAs(str(HERE / 'noted.kra'))
    saved = app.openDocument(str(HERE / 'noted.kra'))
    return {
        'packet': bytes(saved.annotation('pspLayers')).decode(), 'information': saved.documentInfo(),
        'layers': names(document.rootNode()),
    }
now = [again]
answer = lambda: now[-1]()
`);
    expect(seen).toMatchObject({
      layers: 'Fake frontalize · seed 0, Fake frontalize · seed 0, Photo, Background',
    });
    expect(seen.packet).toContain('digitalsourcetype/compositeWithTrainedAlgorithmicMedia<');
    expect(seen.packet.match(/<pspLayers:operation>frontalize</g)).toHaveLength(1);
    expect(seen.information).toMatch(
      /<description>By Ana\nComposed with generated parts \(http\S+compositeWith\w+\)/,
    );
  });

  test('a part of the face is selected, and what was selected before comes back', async () => {
    const seen = await krita.run<unknown>(`
document, photo = photo_document()
old = Selection()
old.setPixelData(QByteArray(bytes([255]) * 4), 70, 70, 2, 2)
document.setSelection(old)
def selected():
    area = document.selection()
    return [area.x(), area.y(), area.width(), area.height()]
choose('operation', 'sketch-to-face')
part('part').setCurrentIndex(part('part').findData('hair'))
part('message').setText('')
QTimer.singleShot(0, part('select').click)
def back():
    if at_rest() is None: return None
    seen.append(selected())
    part('back').click()
    document.waitForDone()
    seen.append([selected(), part('back').isEnabled(), names(document.rootNode()), len(history())])
    part('part').setCurrentIndex(part('part').findData('glasses'))
    part('message').setText('')
    QTimer.singleShot(0, part('select').click)
    now.append(lambda: at_rest() and [*seen, *at_rest(), selected()])
seen, now = [], [back]
answer = lambda: now[-1]()
`);
    // The fake's face is the middle half of the layer, and its hair the upper half of that.
    expect(seen).toEqual([
      [12, 27, 40, 15],
      [[70, 70, 2, 2], false, 'Photo, Background', expect.any(Number)],
      'Not found here: Glasses. The selection is as it was.',
      [70, 70, 2, 2],
    ]);
  });

  test('Cancel lets go at once, and nothing changes', async () => {
    const names = krita.run<unknown>(`
document, photo = photo_document()
choose('operation', 'frontalize')
choose('model', 'hang')
run()
answer = lambda: at_rest() and [*at_rest(), names(document.rootNode())]
QTimer.singleShot(0, lambda: wait_for_file())
def wait_for_file():
    if (HERE / 'cancel').exists(): part('run').click()
    else: QTimer.singleShot(20, wait_for_file)
`);
    await untilJobs(server.port, { running: 1 });
    await writeFile(join(krita.folder, 'cancel'), '');
    expect(await names).toEqual([expect.stringContaining('cancelled'), 'Photo, Background']);
    await untilJobs(server.port, { running: 0 });
  });

  test.each([
    ['refuse', 'The fake does not like this. Give it another.'],
    ['crash', 'process'],
  ])('what fails is told in words (%s), and nothing changes', async (model, words) => {
    const seen = await run<string[]>(
      'frontalize',
      model,
      `[*at_rest(), names(document.rootNode())]`,
    );
    expect(seen).toEqual([expect.stringContaining(words), 'Photo, Background']);
  });

  test('a layer that is deleted meanwhile gets no result', async () => {
    const seen = await run<string[]>(
      'frontalize',
      'paced',
      `[*at_rest(), names(document.rootNode())]`,
      `QTimer.singleShot(0, photo.remove)`,
    );
    expect(seen).toEqual([expect.stringContaining('was deleted'), 'Background']);
  });

  test('of several selected layers each gets its result; which were left out is told', async () => {
    const seen = await krita.run<string[]>(`
document, photo = photo_document()
add_layer(document, 'Tiny', 4, 4, 8, 8, bytes([0, 0, 0, 255] * 64))
choose('operation', 'frontalize')
same = []
def press():
    "Krita's list of layers takes a moment to know of new ones, and selects the last of them."
    if len(app.activeWindow().activeView().selectedNodes()) < 3:
        same.clear()
        app.action('select_all_layers').trigger()
        return None
    same.append(1)
    if len(same) < 40: return None
    run()
    now.append(lambda: at_rest() and [*at_rest(), names(document.rootNode())])
now = [press]
answer = lambda: now[-1]()
`);
    expect(seen).toEqual([
      expect.stringMatching(/^Some layers were left out:\n.*"Tiny"/),
      'Tiny, Fake frontalize · seed 0, Photo, Fake frontalize · seed 0, Background',
    ]);
  });

  test('an edit is shown as its sliders move, and forgotten with its face', async () => {
    const seen = await krita.run<unknown>(`
document, photo = photo_document()
choose('operation', 'edit')
look()
def shown(): return part('preview').pixmap() is not None and not part('preview').pixmap().isNull()
before = []
def move():
    if at_rest() is None: return None
    before.append(shown())
    set_parameter('smile', 0.5)
    now.append(look_at_it)
def look_at_it():
    if not shown(): return None
    size = part('preview').pixmap().width()
    part('faces').setCurrentRow(1)
    return [*before, size, shown()]
now = [move]
answer = lambda: now[-1]()
`);
    expect(seen).toEqual([false, 128, false]);
  });

  test("Krita's own importer takes the release's zip", async () => {
    await writeFile(join(krita.folder, 'release.zip'), await zipFolders(kritaPlugIn.contents));
    const placed = await krita.run<string[]>(`
from plugin_importer.plugin_importer import PluginImporter
(HERE / 'resources').mkdir()
PluginImporter(str(HERE / 'release.zip'), str(HERE / 'resources'), lambda plugin: True).import_all()
answer = sorted(str(path.relative_to(HERE / 'resources')) for path in (HERE / 'resources').rglob('*'))
`);
    expect(placed).toEqual(
      expect.arrayContaining([
        'pykrita/psp_layers.desktop',
        'pykrita/psp_layers/__init__.py',
        'pykrita/psp_layers/psp_client/bridge.py',
      ]),
    );
  });

  test('what was chosen is remembered', async () => {
    const kept = await krita.run<unknown>(`
choose('operation', 'resample-style')
set_parameter('variants', 4)
answer = json.loads(app.readSetting('pspLayers', 'settings', '{}'))
`);
    expect(kept).toMatchObject({
      operation: 'resample-style',
      parameters: { 'resample-style': { variants: 4 } },
    });
  });

  /** The fake answers with the region in negative: nothing else could be mistaken for it. */
  async function negativeOf(made: LayerDump, photo: LayerDump, sample: 1 | 2): Promise<Buffer> {
    const bytes = await readFile(photo.pixels);
    const rows = Array.from({ length: made.height }, (_, y) => {
      const start =
        ((made.top - photo.top + y) * photo.width + made.left - photo.left) * 4 * sample;
      return bytes.subarray(start, start + made.width * 4 * sample);
    });
    const region = Buffer.concat(rows);
    return region.map((value, i) =>
      i % (4 * sample) < 3 * sample ? 255 - value : value,
    ) as Buffer;
  }
});

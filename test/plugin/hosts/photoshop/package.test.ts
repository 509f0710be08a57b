import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { operations } from '../../../../bridge-server/operations/registry';
import { commandEntries } from '../../../../plugin/hosts/photoshop/actions/operationCommands';
import { defaultPort } from '../../../../protocol/limits';
import { packagePlugin } from '../../../../scripts/photoshop/package';
import { startTestServer, stopAll } from '../../../support/bridgeServer';
import { settled } from '../../../support/manualTimers';
import { onlyInTooltips, type PanelNode } from '../../../support/photoshop/panelDom';
import { forward, PluginRealm } from '../../../support/photoshop/realm';
import { FakeFolder, readFile } from '../../../support/photoshop/storage';
import { styleSheetProblems } from '../../../support/photoshop/styleRules';
import { opaque } from './setUp';

const root = resolve(__dirname, '../../../..');
const out = mkdtempSync(join(tmpdir(), 'psp-layers-package-'));
const contents = new Map<string, Uint8Array>();

const text = (name: string): string => Buffer.from(contents.get(name)!).toString('utf8');
const json = (content: string): Record<string, unknown> =>
  JSON.parse(content) as Record<string, unknown>;

beforeAll(async () => {
  const ccx = await packagePlugin(root, out);
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(ccx)))) {
    contents.set(name, bytes);
  }
}, 120_000);
afterAll(() => rmSync(out, { recursive: true }));

describe('the installable package', () => {
  test('has the manifest at its root, forward slashes, and nothing that is not needed', () => {
    expect([...contents.keys()].sort()).toEqual([
      'entry.js',
      'icons/panel-dark.png',
      'icons/panel-dark@2x.png',
      'icons/panel-light.png',
      'icons/panel-light@2x.png',
      'icons/plugin.png',
      'icons/plugin@2x.png',
      'index.html',
      'main.js',
      'manifest.json',
      'panel.css',
    ]);
  });

  test('the manifest asks for little and says the truth', () => {
    const manifest = json(text('manifest.json'));
    expect(manifest).toMatchObject({
      manifestVersion: 5,
      version: json(readFileSync(join(root, 'package.json'), 'utf8'))['version'],
      main: 'index.html',
      host: { app: 'PS', minVersion: '25.0.0', data: { apiVersion: 2, loadEvent: 'startup' } },
      featureFlags: { enableAlerts: true },
    });
    expect(manifest['requiredPermissions']).toEqual({
      // "ws://localhost/" is how Adobe's guide writes a domain; a port is reported to work beside it.
      network: {
        domains: [
          `ws://localhost:${defaultPort}`,
          'ws://localhost/',
          `ws://127.0.0.1:${defaultPort}`,
        ],
      },
      localFileSystem: 'request',
    });
    expect(String(manifest['name']).length).toBeGreaterThanOrEqual(3);
    expect(manifest['version']).toMatch(/^\d+\.\d+\.\d+$/);
    const { icons, entrypoints } = manifest as { icons: Icon[]; entrypoints: Entry[] };
    for (const { path, width } of [
      ...icons,
      ...entrypoints.flatMap((entry) => entry.icons ?? []),
    ]) {
      expect(pngWidth(path)).toBe(width);
      expect(pngWidth(path.replace('.png', '@2x.png'))).toBe(width * 2);
    }
  });

  test('every operation has its menu command under its own label, once', () => {
    const { entrypoints } = json(text('manifest.json')) as { entrypoints: Entry[] };
    const commands = entrypoints.filter((entry) => entry.type === 'command');
    expect(commands.map(({ id, label }) => [id, label.default])).toEqual(
      commandEntries.map(([, { handler, label }]) => [handler, label]),
    );
    expect(commandEntries.map(([id, { label }]) => [id, label])).toEqual(
      operations.declarations.map(({ id, label }) => [id, label]),
    );
  });

  test.each(['entry.js', 'main.js'])('%s uses nothing that UXP lacks or forbids', (name) => {
    const script = text(name);
    for (const forbidden of [
      /\beval\s*\(/,
      /new Function\b|\bFunction\s*\(/,
      /sourceMappingURL|sourcesContent/,
      /\bTextEncoder\b|\bTextDecoder\b/,
      /crypto\.subtle/,
      /new Worker\b|SharedWorker/,
      /\bBuffer\b/,
      /structuredClone/,
      /aria-/,
    ]) {
      expect(script).not.toMatch(forbidden);
    }
    const modules = [...script.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, id]) => id);
    expect(['photoshop', 'uxp']).toEqual(expect.arrayContaining(modules));
  });

  test('the style sheet keeps to what UXP lays out', () => {
    expect(styleSheetProblems(text('panel.css'))).toEqual([]);
  });

  test('the first script is tiny: Photoshop waits 20 ms for it', () => {
    expect(contents.get('entry.js')!.length).toBeLessThan(4096);
  });
});

interface Icon {
  readonly path: string;
  readonly width: number;
}
interface Entry {
  readonly type: string;
  readonly id: string;
  readonly label: { readonly default: string };
  readonly icons?: readonly Icon[];
}

const pngWidth = (path: string): number => Buffer.from(contents.get(path)!).readUInt32BE(16);

describe('the bundle in a realm that has only what UXP has', () => {
  let running: PluginRealm | null = null;
  afterEach(() => running?.unload());
  afterAll(stopAll);

  async function startPlugin() {
    const manifest = JSON.parse(text('manifest.json')) as ConstructorParameters<
      typeof PluginRealm
    >[0];
    const realm = (running = new PluginRealm(manifest));
    const server = await startTestServer({ dialledPort: defaultPort });
    forward(realm.network, `ws://localhost:${defaultPort}`, server.url);
    await realm.storage.secureStorage.setItem('psp-layers/token', server.token);
    const documentId = realm.photoshop.openDocument({
      width: 96,
      height: 80,
      bits: 16,
      profile: 'Adobe RGB (1998)',
      layers: [{ name: 'Photo', paint: opaque(0.75, 0.5, 0.25) }],
    });
    realm.photoshop.actions.recording = [];
    realm.load(text('entry.js'), text('main.js'));
    return { realm, documentId, photoshop: realm.photoshop };
  }

  test('a menu command makes one layer above its source, and its recorded step makes it again', async () => {
    const { realm, documentId, photoshop } = await startPlugin();
    await realm.entrypoints.runCommand('pspLayersFrontalize');
    expect(photoshop.alerts).toEqual([]);
    const [made, source] = photoshop.layers(documentId);
    expect([made!.name, source!.name]).toEqual(['Fake frontalize · seed 0', 'Photo']);
    expect(photoshop.history(documentId)).toEqual(['Frontalize']);
    // The fake answers in negative.
    const { left, top } = made!.bounds;
    const colour = made!.colourAt(left, top)!;
    [0.25, 0.5, 0.75, 1].forEach((value, c) => expect(colour[c]).toBeCloseTo(value, 2));
    expect(made!.maskAt(left, top)).toBe(1);

    const [step, ...others] = photoshop.actions.recording!;
    expect(others).toEqual([]);
    photoshop.actions.recording = null;
    photoshop.selectLayers(documentId, ['Photo']);
    await photoshop.actions.play([step!]);
    expect(photoshop.layers(documentId).map((layer) => layer.name)).toEqual([
      'Fake frontalize · seed 0',
      'Fake frontalize · seed 0',
      'Photo',
    ]);
    await settled();
    expect(photoshop.problems()).toEqual([]);
  }, 30_000);

  test('the panel is drawn with the tags and attributes UXP has, and its button makes a layer', async () => {
    const { realm, documentId, photoshop } = await startPlugin();
    const root = realm.document.createElement('div');
    realm.entrypoints.handlers!.panels!['pspLayersPanel']!.create!(root);
    const row = await realm.document.appears(() =>
      root.find((node) => /^\W*Frontalize\W+plain · 64 px\W*Run\W*$/.test(node.text)),
    );
    await realm.document.appears(() => (root.text.includes('1 face') ? root : null));
    row.find((node) => node.localName === 'sp-button')!.click();
    await realm.document.appears(() => root.find((node) => node.text === 'Use on selected layers'));
    expect(photoshop.layers(documentId)).toHaveLength(2);

    // A drag is one history state, whatever it passes on its way.
    const opacity = await realm.document.appears(() =>
      root.find((node) => node.attributes.get('title') === 'Opacity'),
    );
    const before = photoshop.history(documentId);
    opacity.drag(90, 70, 55, 40);
    await settled();
    expect(photoshop.history(documentId)).toEqual([...before, 'Opacity']);
    expect(photoshop.layers(documentId)[0]!.opacity).toBe(40);
    photoshop.undo(documentId);
    expect(photoshop.layers(documentId)[0]!.opacity).toBe(100);
    await photoshop.world.pool.emptied();
    expect(photoshop.problems()).toEqual([]);
  }, 30_000);

  test("a part of the face is selected by its name in the layer's card; what is not there is said", async () => {
    const { realm, documentId, photoshop } = await startPlugin();
    const root = realm.document.createElement('div');
    realm.entrypoints.handlers!.panels!['pspLayersPanel']!.create!(root);
    const button = (name: string) =>
      realm.document.appears(() =>
        root.find((node) => node.localName === 'sp-action-button' && node.text === name),
      );
    (await button('Hair')).click();
    await realm.document.appears(() =>
      photoshop.history(documentId).includes('Select: Hair') ? root : null,
    );
    expect(photoshop.world.document(documentId).selection).not.toBeNull();
    const glasses = await realm.document.appears(() =>
      root.find((node) => node.text === 'Glasses' && !node.attributes.has('disabled')),
    );
    glasses.click();
    await realm.document.appears(() =>
      root.text.includes('Not found here: Glasses. The selection is as it was.') ? root : null,
    );
    expect(photoshop.history(documentId)).toEqual(['Select: Hair']);
    await photoshop.world.pool.emptied();
    expect(photoshop.problems()).toEqual([]);
  }, 30_000);

  test('every page is within what UXP documents, and says in text what cannot be done and why', async () => {
    const { realm, documentId, photoshop } = await startPlugin();
    const root = realm.document.createElement('div');
    realm.entrypoints.handlers!.panels!['pspLayersPanel']!.create!(root);
    const withAttribute = (name: string, value: string) => (node: PanelNode) =>
      node.attributes.get(name) === value;
    const shows = (text: string) =>
      realm.document.appears(() => (root.text.includes(text) ? root : null));
    const open = (tab: string) => root.find(withAttribute('data-tab', tab))!.click();

    await shows('1 face');
    for (const { id } of operations.declarations) {
      const row = root.find(withAttribute('data-operation', id))!;
      row.find(withAttribute('class', 'press'))!.click();
      await realm.document.appears(() => row.find(withAttribute('class', 'options')));
      expect(onlyInTooltips(root)).toEqual([]);
    }
    const row = root.find(withAttribute('data-operation', 'resample-style'))!;
    row.find(withAttribute('class', 'press'))!.click();
    const model = await realm.document.appears(() => row.find(withAttribute('title', 'Model')));
    model.choose('several');
    const box = row.find((node) => node.localName === 'sp-checkbox')!;
    const wasOn = box.attributes.has('checked');
    for (const isOn of [!wasOn, wasOn]) {
      box.toggle();
      await realm.document.appears(() => (box.attributes.has('checked') === isOn ? box : null));
    }
    await settled();
    row.find((node) => node.localName === 'sp-button')!.click();
    const variants = await realm.document.appears(() =>
      root.find(withAttribute('class', 'variants')),
    );
    await realm.document.appears(() => variants.find((node) => node.localName === 'img'));
    for (const tab of ['results', 'batch', 'models', 'settings']) {
      open(tab);
      await settled();
      expect(onlyInTooltips(root)).toEqual([]);
    }
    const check = root.find(withAttribute('data-test', 'self-check'))!;
    check.find((node) => node.localName === 'sp-button')!.click();
    await shows('This Photoshop does all that is asked of it.');
    const saved = (realm.storage.savedInto = new FakeFolder('Desktop'));
    check.find((node) => node.localName === 'sp-action-button')!.click();
    await settled();
    expect(readFile(await saved.getEntry('psp-layers-check.txt'))).toContain(
      'Photoshop 25.0.0 · uxp-7.3.0 · en_US\nEverything works.',
    );
    open('create');
    photoshop.closeDocument(documentId);
    await shows('Open a picture');
    expect(onlyInTooltips(root)).toEqual([]);
    await photoshop.world.pool.emptied();
    expect(photoshop.problems()).toEqual([]);
  }, 60_000);
});

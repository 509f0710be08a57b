import type { ConnectionState } from '../../../../plugin/core/bridge/bridge';
import { JobController } from '../../../../plugin/core/jobController';
import { Observable } from '../../../../plugin/core/observable';
import type { Order } from '../../../../plugin/core/order';
import { runCommand } from '../../../../plugin/hosts/photoshop/actions/menuCommand';
import { commandEntries } from '../../../../plugin/hosts/photoshop/actions/operationCommands';
import { playStep } from '../../../../plugin/hosts/photoshop/actions/playback';
import type { ExecutionContext } from '../../../../plugin/hosts/photoshop/api';
import { recordOrders } from '../../../../plugin/hosts/photoshop/actions/recording';
import { PspError } from '../../../../protocol/errors';
import { FakeBridge, faceAt, ready, resampleStyle } from '../../../support/fakeBridge';
import { ManualTimers, settled } from '../../../support/manualTimers';
import type { RecordedStep } from '../../../support/photoshop/actions';
import { box, opaque, setUp } from './setUp';

const order = (change: Partial<Order> = {}): Order => ({
  operation: resampleStyle,
  model: 'starter',
  parameters: { variants: 2, seed: 7, alpha: 0.5, styles: ['middle', 'fine'] },
  faces: 'largest',
  hole: 'selection',
  priority: 'interactive',
  ...change,
});

const layers = ['Top', 'Photo', 'Paper'].map((name) => ({ name, paint: opaque(0.5) }));

/** The plug-in's global functions, on a fake that has its Actions panel recording. */
function start(connected: ConnectionState = ready) {
  const fixture = setUp({ layers });
  const { photoshop, host, storage } = fixture;
  const bridge = new FakeBridge();
  bridge.faces = [faceAt(box(5, 5, 20, 20))];
  bridge.finishesAtOnce = true;
  const connection = new Observable<ConnectionState>(connected);
  const timers = new ManualTimers();
  const jobs = new JobController(host, bridge, () => null);
  recordOrders(jobs, photoshop.api.action);
  const parts = {
    api: photoshop.api,
    picker: storage.localFileSystem,
    bridge,
    connection,
    timers,
  };
  for (const [id, { handler }] of commandEntries) {
    photoshop.globals[handler] = (context: ExecutionContext, info: unknown) =>
      playStep(parts, id, context, info);
  }
  photoshop.actions.recording = [];
  return { ...fixture, bridge, connection, timers, jobs };
}

async function recordOne(given: Order = order()): Promise<RecordedStep> {
  const { jobs, photoshop, target } = start();
  await jobs.start(await target(), given).end;
  expect(photoshop.problems()).toEqual([]);
  return photoshop.actions.recording![0]!;
}

describe('recording', () => {
  test('an order becomes a step that names a global function and keeps every option', async () => {
    const step = await recordOne();
    expect(step).toMatchObject({
      name: 'pSp Layers: Resample style',
      methodName: 'pspLayersResampleStyle',
    });
    expect(JSON.parse(step.info)).toEqual({
      'org.psp-layers.version': 1,
      'org.psp-layers.order': JSON.stringify({
        model: 'starter',
        parameters: { variants: 2, seed: 7, alpha: 0.5, styles: ['middle', 'fine'] },
        faces: 'largest',
        hole: 'selection',
      }),
    });
  });

  test('one order on several layers is one step; the unattended queue records none', async () => {
    const { jobs, photoshop, host, documentId } = start();
    photoshop.selectLayers(documentId, ['Top', 'Photo']);
    const given = order();
    const targets = await host.listTargets('selected-layers');
    await Promise.all(jobs.startRun(targets, given).map(({ end }) => end));
    await jobs.start(targets[0]!, order({ priority: 'batch' })).end;
    expect(photoshop.actions.recording).toHaveLength(1);
    await jobs.start(targets[0]!, given).end;
    expect(photoshop.actions.recording).toHaveLength(2);
  });

  test('when nothing is being recorded, the layers come and no alert is shown', async () => {
    const { jobs, photoshop, target } = start();
    photoshop.actions.recording = null;
    const { layers } = await jobs.start(await target(), order()).end;
    expect(layers.length).toBeGreaterThan(0);
    expect(photoshop.actions.recording).toBeNull();
    expect(photoshop.alerts).toEqual([]);
  });
});

describe('playback', () => {
  test('a step runs with its stored options on the layer selected now, in one undo step', async () => {
    const step = await recordOne();
    const { photoshop, bridge, documentId, names } = start();
    photoshop.selectLayers(documentId, ['Paper']);
    const [answer] = await photoshop.actions.play([step]);
    expect(answer).toEqual(JSON.parse(step.info));
    expect(bridge.runs[0]!.request).toMatchObject({
      operation: 'resample-style',
      model: 'starter',
      parameters: { variants: 2, seed: 7, alpha: 0.5, styles: ['middle', 'fine'] },
      priority: 'batch',
    });
    expect(names()).toEqual(['Top', 'Photo', 'Resample style · Paper', 'Paper']);
    expect(photoshop.history(documentId)).toEqual(['Resample style']);
    expect(photoshop.actions.recording).toEqual([]);
    expect(photoshop.problems()).toEqual([]);
  });

  test("within another plug-in's suspended history the step joins it", async () => {
    const step = await recordOne();
    const { photoshop, documentId, names } = start();
    photoshop.selectLayers(documentId, ['Paper']);
    await photoshop.actions.play([step], documentId);
    expect(names()).toContain('Resample style · Paper');
    expect(photoshop.history(documentId)).toEqual(['Played']);
    expect(photoshop.problems()).toEqual([]);
  });

  test('over several documents, as Batch does it', async () => {
    const step = await recordOne();
    const { photoshop, documentId } = start();
    const second = photoshop.openDocument({ width: 40, height: 30, layers });
    for (const id of [documentId, second]) {
      photoshop.activate(id);
      await photoshop.actions.play([step]);
      expect(photoshop.history(id)).toEqual(['Resample style']);
    }
  });

  test('progress is told, and Cancel stops the bridge and writes nothing', async () => {
    const step = await recordOne();
    const { photoshop, bridge, documentId } = start();
    bridge.finishesAtOnce = false;
    const playing = photoshop.actions.play([step]);
    while (bridge.runs.length === 0) await settled();
    const { context } = photoshop.world.modal;
    const first = { stage: 'decode', done: 1, total: 4, share: null, remainingMs: 500 } as const;
    const progress = { ...first, glimpses: null };
    bridge.runs[0]!.events.onProgress(progress);
    expect(context!.reported.at(-1)).toEqual({
      value: 0.25,
      commandName: 'Resample style: decode',
    });
    photoshop.world.modal.cancel();
    await expect(playing).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(bridge.runs[0]!.cancelled).toBe(true);
    expect(photoshop.history(documentId)).toEqual([]);
  });

  test.each([
    ['a newer version', { 'org.psp-layers.version': 2 }, 'newer pSp Layers'],
    ['a damaged order', { 'org.psp-layers.order': '{"model":' }, 'step is damaged'],
    ['another shape', { 'org.psp-layers.order': '{"faces":0}' }, 'step is damaged'],
    [
      'an impossible value',
      {
        'org.psp-layers.order':
          '{"model":null,"faces":"all","hole":"selection","parameters":{"alpha":9}}',
      },
      'Strength cannot be 9',
    ],
  ])('%s is refused in words', async (_name, change, words) => {
    const step = await recordOne();
    const { photoshop, bridge } = start();
    const info = JSON.stringify({ ...(JSON.parse(step.info) as object), ...change });
    await expect(photoshop.actions.play([{ ...step, info }])).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(words) as string,
    });
    expect(bridge.runs).toEqual([]);
  });

  test('without a bridge it says so after a while; a bridge that comes late still serves', async () => {
    const step = await recordOne();
    const lost = start({ kind: 'not-running' });
    const failing = lost.photoshop.actions.play([step]);
    while (lost.photoshop.world.modal.context === null) await settled();
    await settled();
    lost.timers.advance(15_000);
    await expect(failing).rejects.toThrow('Start it with "npm start"');

    const late = start({ kind: 'connecting' });
    const playing = late.photoshop.actions.play([step]);
    await settled();
    late.connection.set(ready);
    await playing;
    expect(late.photoshop.history(late.documentId)).toEqual(['Resample style']);
  });

  test('no selected layer, no document: a sentence', async () => {
    const step = await recordOne();
    const { photoshop, documentId } = start();
    photoshop.selectLayers(documentId, []);
    await expect(photoshop.actions.play([step])).rejects.toThrow('No layer is selected');
    photoshop.closeDocument(documentId);
    await expect(photoshop.actions.play([step])).rejects.toThrow('No layer is selected');
  });
});

describe('menu commands', () => {
  const command = (plugin: ReturnType<typeof start>) =>
    runCommand(
      { ...plugin, orderFor: (operation) => order({ operation, parameters: {} }) },
      'frontalize',
    );

  test('run on every selected layer without the panel, and can be recorded', async () => {
    const plugin = start();
    plugin.photoshop.selectLayers(plugin.documentId, ['Top', 'Paper']);
    await command(plugin);
    expect(plugin.names()).toHaveLength(5);
    expect(plugin.photoshop.alerts).toEqual([]);
    expect(plugin.photoshop.actions.recording!.map((step) => step.methodName)).toEqual([
      'pspLayersFrontalize',
    ]);
    expect(plugin.photoshop.problems()).toEqual([]);
  });

  test('hold no modal state while the bridge works', async () => {
    const plugin = start();
    plugin.bridge.finishesAtOnce = false;
    const running = command(plugin);
    while (plugin.bridge.runs.length === 0) await settled();
    expect(plugin.photoshop.world.modal.held).toBe(false);
    plugin.photoshop.deleteLayer(
      plugin.documentId,
      plugin.photoshop.idOf(plugin.documentId, 'Top'),
    );
    plugin.bridge.runs[0]!.finish();
    await running;
    expect(plugin.photoshop.alerts[0]).toContain('The layer "Top" is gone');
    expect(plugin.photoshop.history(plugin.documentId)).toEqual([]);
  });

  test('tell every failure in one alert, and nothing of what the user cancelled', async () => {
    const plugin = start();
    plugin.photoshop.selectLayers(plugin.documentId, ['Top', 'Photo', 'Paper']);
    plugin.bridge.finishesAtOnce = false;
    const running = command(plugin);
    const next = async (count: number) => {
      while (plugin.bridge.runs.length < count) await settled();
      return plugin.bridge.runs[count - 1]!;
    };
    (await next(1)).fail(new PspError('OUT_OF_MEMORY', 'Out of memory.'));
    (await next(2)).finish();
    await next(3);
    plugin.jobs.cancel(plugin.jobs.jobs.value.at(-1)!.id);
    await running;
    expect(plugin.photoshop.history(plugin.documentId)).toEqual(['Frontalize']);
    expect(plugin.photoshop.alerts).toEqual(['Top: Out of memory.']);
  });

  test('say what is missing', async () => {
    const error = { code: 'NOT_PAIRED', message: 'Pair first.', retryable: false } as const;
    const plugin = start({ kind: 'not-paired', error });
    await command(plugin);
    expect(plugin.photoshop.alerts).toEqual(['Pair first.']);
  });
});

test('faces stay found while results are made, and are looked for again after the user paints', async () => {
  const { host, photoshop, documentId, target, jobs } = start();
  const before = await target();
  const { layers: made } = await jobs.start(before, order()).end;
  expect((await target()).revision).toBe(before.revision);
  await host.setOpacity(made[0]!.handle, 0.5);
  expect((await target()).revision).toBe(before.revision);
  photoshop.undo(documentId);
  expect((await target()).revision).toBe(before.revision);
  photoshop.selectLayers(documentId, ['Paper']);
  await photoshop.api.core.executeAsModal(
    async () => void (photoshop.api.app.activeDocument!.activeLayers[0]!.opacity = 40),
    { commandName: 'Paint' },
  );
  photoshop.selectLayers(documentId, ['Top']);
  expect((await target()).revision).not.toBe(before.revision);
});

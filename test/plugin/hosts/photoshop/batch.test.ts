import { BatchQueue } from '../../../../plugin/core/batchQueue';
import { JobController } from '../../../../plugin/core/jobController';
import { FakeBridge, faceAt, frontalize } from '../../../support/fakeBridge';
import { settled } from '../../../support/manualTimers';
import { documentFile } from '../../../support/photoshop/photoshop';
import { FakeFolder } from '../../../support/photoshop/storage';
import { box, opaque, setUp } from './setUp';

const order = {
  operation: frontalize,
  model: null,
  parameters: {},
  faces: 'all',
  hole: 'selection',
  priority: 'batch',
} as const;

const portrait = documentFile({
  width: 40,
  height: 30,
  layers: [{ name: 'Photo', paint: opaque(0.5) }],
});

function start() {
  const fixture = setUp();
  const bridge = new FakeBridge();
  bridge.faces = [faceAt(box(5, 5, 20, 20))];
  bridge.finishesAtOnce = true;
  const jobs = new JobController(fixture.host, bridge, () => null);
  const queue = new BatchQueue(jobs, async () => undefined);
  const outcomes = () => queue.state.value.items.map(({ name, state }) => `${name}: ${state.kind}`);
  return { ...fixture, bridge, queue, outcomes };
}

describe('the queue in Photoshop', () => {
  test('a folder: carries on after a broken picture, closes what it opened, resumes what is left', async () => {
    const { storage, host, queue, bridge, outcomes, photoshop, documentId } = start();
    const disk = new FakeFolder('Portraits');
    for (const name of ['a.psd', 'c.jpg', 'd.png']) disk.put(name, portrait);
    disk.put('b.psd', 'not a picture');
    storage.picked = disk;
    const folder = (await host.chooseFolder())!;

    bridge.finishesAtOnce = false;
    const running = queue.start({ kind: 'folder', folder }, order);
    while (bridge.runs.length < 1) await settled();
    bridge.runs[0]!.finish();
    while (bridge.runs.length < 2) await settled();
    queue.stop();
    await running;
    expect(outcomes()).toEqual([
      'a.psd: done',
      'b.psd: failed',
      'c.jpg: waiting',
      'd.png: waiting',
    ]);

    bridge.finishesAtOnce = true;
    await queue.resume();
    expect(outcomes()).toEqual(['a.psd: done', 'b.psd: failed', 'c.jpg: done', 'd.png: done']);
    const output = disk.entries.get('pSp Layers') as FakeFolder;
    // The name says which operation made it, and tells settings apart.
    const made = [...output.entries.keys()].map((name) => name.replace(/ [0-9a-f]{8}\.psd$/, ''));
    expect(made).toEqual(['a frontalize', 'c frontalize', 'd frontalize']);
    expect([...photoshop.world.documents.keys()]).toEqual([documentId]);
    expect(photoshop.problems()).toEqual([]);

    await queue.start({ kind: 'folder', folder }, order);
    expect(outcomes().filter((outcome) => outcome.endsWith('already-done'))).toHaveLength(3);
  });

  test('all open documents: one step in each, the one in front stays in front', async () => {
    const { host, queue, photoshop, documentId, outcomes } = start();
    const second = photoshop.openDocument({
      title: 'Second',
      width: 40,
      height: 30,
      layers: [{ name: 'Portrait', paint: opaque(0.5) }],
    });
    const targets = await host.listTargets('open-documents');
    await queue.start({ kind: 'layers', targets }, order);
    expect(outcomes()).toEqual(['Untitled-1 · Photo: done', 'Second · Portrait: done']);
    for (const id of [documentId, second]) expect(photoshop.history(id)).toEqual(['Frontalize']);
    expect(photoshop.world.activeId).toBe(second);
    expect(photoshop.problems()).toEqual([]);
  });
});

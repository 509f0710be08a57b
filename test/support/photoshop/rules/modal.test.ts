import { FakePhotoshop } from '../photoshop';

const paint = (): [number, number, number, number] => [1, 1, 1, 1];

function open() {
  const photoshop = new FakePhotoshop();
  const id = photoshop.openDocument({ width: 8, height: 8, layers: [{ name: 'Photo', paint }] });
  const document = photoshop.api.app.activeDocument!;
  return { photoshop, id, document, core: photoshop.api.core };
}
const options = { commandName: 'Test' };

describe('the fake modal state', () => {
  test('documents change inside a scope only', async () => {
    const { document, photoshop } = open();
    await expect(document.createPixelLayer({ name: 'New' })).rejects.toThrow('executeAsModal');
    expect(() => (document.layers[0]!.opacity = 50)).toThrow('executeAsModal');
    await expect(photoshop.api.action.batchPlay([], {})).rejects.toThrow('executeAsModal');
  });

  test('another plug-in in the modal state is error number 9', async () => {
    const { photoshop, core } = open();
    photoshop.world.modal.heldByOther = true;
    await expect(core.executeAsModal(async () => 1, options)).rejects.toMatchObject({ number: 9 });
  });

  test('each change is a history state, suspended ones are a single state', async () => {
    const { photoshop, id, document, core } = open();
    await core.executeAsModal(async ({ hostControl }) => {
      await document.createPixelLayer({ name: 'First' });
      const suspension = await hostControl.suspendHistory({ documentID: id, name: 'Both' });
      await document.createPixelLayer({ name: 'Second' });
      await document.createPixelLayer({ name: 'Third' });
      await hostControl.resumeHistory(suspension, true);
    }, options);
    expect(photoshop.history(id)).toEqual(['New Layer', 'Both']);
    photoshop.undo(id);
    expect(photoshop.layers(id).map((layer) => layer.name)).toEqual(['First', 'Photo']);
  });

  test('an exception rolls a suspended document back', async () => {
    const { photoshop, id, document, core } = open();
    const failing = core.executeAsModal(async ({ hostControl }) => {
      await hostControl.suspendHistory({ documentID: id, name: 'Never' });
      await document.createPixelLayer({ name: 'New' });
      throw new Error('disk full');
    }, options);
    await expect(failing).rejects.toThrow('disk full');
    expect(photoshop.history(id)).toEqual([]);
    expect(photoshop.layers(id)).toHaveLength(1);
  });

  test('suspending within a suspension is ignored: 4294967295, and committing that raises', async () => {
    // executeasmodal.md of AdobeDocs/uxp-photoshop.
    const { id, core } = open();
    await core.executeAsModal(async ({ hostControl }) => {
      const outer = await hostControl.suspendHistory({ documentID: id, name: 'Outer' });
      const inner = await hostControl.suspendHistory({ documentID: id, name: 'Inner' });
      expect(inner).toBe(4294967295);
      await expect(hostControl.resumeHistory(inner, true)).rejects.toThrow('not known');
      await hostControl.resumeHistory(outer, true);
    }, options);
  });

  test('after Cancel every further change throws', async () => {
    const { photoshop, document, core } = open();
    const cancelled = core.executeAsModal(async (context) => {
      photoshop.world.modal.cancel();
      expect(context.isCancelled).toBe(true);
      await document.createPixelLayer({ name: 'New' });
    }, options);
    await expect(cancelled).rejects.toThrow('canceled');
  });

  test('waiting for the network inside a scope is found out', async () => {
    const { photoshop, core } = open();
    let arrived: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => (arrived = resolve));
    const waiting = core.executeAsModal(async () => {
      photoshop.world.modal.deliver(arrived);
      await answer;
    }, options);
    await expect(waiting).rejects.toThrow('waiting for the network');
    expect(photoshop.problems()).toEqual([
      'The modal state was held while waiting for the network',
    ]);
  });

  test('layers are made in the active document only, above its active layer, and become active', async () => {
    const { photoshop, id, document, core } = open();
    const other = photoshop.openDocument({ width: 4, height: 4, layers: [] });
    await expect(
      core.executeAsModal(() => document.createPixelLayer({ name: 'New' }), options),
    ).rejects.toThrow('not active');
    photoshop.closeDocument(other);
    const made = await core.executeAsModal(
      () => document.createPixelLayer({ name: 'New' }),
      options,
    );
    expect(photoshop.activeLayerIds(id)).toEqual([made!.id]);
    photoshop.deleteLayer(id, made!.id);
    expect(() => made!.name).toThrow('does not exist');
  });
});

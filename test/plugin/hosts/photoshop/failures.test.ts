import { box, commitOf, newLayer, setUp } from './setUp';

const at = box(3, 4, 9, 9);

describe('when Photoshop does not go along', () => {
  test('a commit waits for the user to leave a dialog', async () => {
    const { host, photoshop, target, names } = setUp();
    const source = await target();
    photoshop.world.modal.heldByOther = true;
    const commit = host.commitLayers(source, commitOf(newLayer('New', at)));
    setImmediate(() => (photoshop.world.modal.heldByOther = false));
    await commit;
    expect(names()).toEqual(['New', 'Photo']);
  });

  test('but not for ever: then it is BUSY, with what to do', async () => {
    const { host, photoshop, target } = setUp();
    const source = await target();
    photoshop.world.modal.heldByOther = true;
    await expect(host.readRegion(source, at)).rejects.toMatchObject({
      code: 'BUSY',
      retryable: true,
      message: expect.stringContaining('Finish that, then run this again.') as string,
    });
  });

  test('Cancel in the progress bar leaves the document as it was', async () => {
    const { host, photoshop, documentId, target, names } = setUp();
    const source = await target();
    const { imaging } = photoshop.api;
    const put = imaging.putLayerMask.bind(imaging);
    imaging.putLayerMask = async (options) => {
      photoshop.world.modal.cancel();
      return put(options);
    };
    const commit = host.commitLayers(source, commitOf(newLayer('1', at), newLayer('2', at)));
    await expect(commit).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(names()).toEqual(['Photo']);
    expect(photoshop.history(documentId)).toEqual([]);
    expect(photoshop.problems()).toEqual([]);
  });

  test('a full scratch disk in the middle leaves nothing behind, in any space', async () => {
    const { host, photoshop, documentId, target, names } = setUp();
    const source = await target();
    let puts = 0;
    const { imaging } = photoshop.api;
    const put = imaging.putPixels.bind(imaging);
    imaging.putPixels = async (options) => {
      if (++puts % 2 === 0) throw new Error('The scratch disk is full');
      return put(options);
    };
    const commit = commitOf(newLayer('1', at), newLayer('2', at));
    for (const space of [
      { kind: 'document' },
      { kind: 'enlarged', factor: 2 },
      { kind: 'crop' },
    ] as const) {
      await expect(host.commitLayers(source, { ...commit, space })).rejects.toThrow('scratch disk');
    }
    expect(names()).toEqual(['Photo']);
    expect(photoshop.history(documentId)).toEqual([]);
    expect([...photoshop.world.documents.keys()]).toEqual([documentId]);
    expect(photoshop.problems()).toEqual([]);
  });

  test('a failed descriptor is an error, though batchPlay resolved', async () => {
    const { host, photoshop, target, names } = setUp();
    const source = await target();
    photoshop.actions.batchPlay = async () => [{ _obj: 'error', message: 'not available' }];
    const commit = host.commitLayers(source, commitOf(newLayer('New', at)));
    await expect(commit).rejects.toMatchObject({ message: expect.stringContaining('refused') });
    expect(names()).toEqual(['Photo']);
  });

  test('image data is given back when reading it fails', async () => {
    const { host, photoshop, target } = setUp();
    const source = await target();
    const { imaging } = photoshop.api;
    const get = imaging.getPixels.bind(imaging);
    imaging.getPixels = async (options) => {
      const result = await get(options);
      result.imageData.getData = () => Promise.reject(new Error('out of memory'));
      return result;
    };
    await expect(host.readRegion(source, at)).rejects.toThrow('out of memory');
    expect(photoshop.problems()).toEqual([]);
  });

  test.each([
    [8, 8200],
    [16, 5800],
    [32, 4100],
  ] as const)(
    'a region of %i bits for which Photoshop has no room is refused before it is read',
    async (bits, side) => {
      const { host, photoshop, target } = setUp({ bits });
      const source = await target();
      photoshop.api.imaging.getPixels = () => Promise.reject(new Error('it was read'));
      await expect(host.readRegion(source, box(0, 0, side, side))).rejects.toMatchObject({
        code: 'TOO_LARGE',
        message: expect.stringContaining(`${side} × ${side} pixels of ${bits} bits, 257 MB`),
      });
      // Twice at once is within the limit.
      expect(photoshop.world.pool.limitBytes).toBeGreaterThan(2 * 256 * 1024 * 1024);
    },
  );

  test('the document in front comes back to the front', async () => {
    const { host, photoshop, target } = setUp();
    const source = await target();
    const other = photoshop.openDocument({ width: 9, height: 9, layers: [{ name: 'Other' }] });
    await host.commitLayers(source, commitOf(newLayer('New', at)));
    expect(photoshop.world.activeId).toBe(other);
  });
});

import { LivePreview } from '../../../plugin/core/livePreview';
import { PspError } from '../../../protocol/errors';
import { codes, FakeBridge } from '../../support/fakeBridge';

const layer = { model: 'starter', source: codes(0), placing: 'kept' };

const setUp = () => {
  const bridge = new FakeBridge();
  return { bridge, live: new LivePreview(bridge, 'edit') };
};

test('while one is drawn only the latest wish is kept', async () => {
  const { bridge, live } = setUp();
  const shown = live.show({ smile: 0.1 }, layer);
  void live.show({ smile: 0.2 }, layer);
  void live.show({ smile: 0.3 }, layer);
  expect(bridge.edits).toHaveLength(1);
  bridge.edits[0]!.show();
  await Promise.resolve();
  await Promise.resolve();
  bridge.edits[1]!.show();
  await shown;
  expect(bridge.edits.map(({ request }) => request)).toEqual(
    [0.1, 0.3].map((smile) => ({
      operation: 'edit',
      model: 'starter',
      parameters: { smile },
      latents: codes(0),
      placing: 'kept',
    })),
  );
  expect(live.state.value).toMatchObject({ identity: 0.9 });
});

test('a picture that fails leaves the last one, and the next is asked for', async () => {
  const { bridge, live } = setUp();
  const first = live.show({ smile: 0.1 }, layer);
  bridge.edits[0]!.show();
  await first;
  const second = live.show({ smile: 0.2 }, layer);
  bridge.edits[1]!.fail(new PspError('BUSY', 'Later.'));
  await second;
  expect(live.state.value).not.toBeNull();
  const third = live.show({ smile: 0.3 }, layer);
  bridge.edits[2]!.show();
  await third;
  expect(bridge.edits).toHaveLength(3);
});

test('a picture that is only prepared is not shown, and the wish that came meanwhile is', async () => {
  const { bridge, live } = setUp();
  const prepared = live.prepare({ head: 1 }, layer);
  void live.show({ smile: 0.2 }, layer);
  bridge.edits[0]!.show();
  await Promise.resolve();
  await Promise.resolve();
  expect(live.state.value).toBeNull();
  bridge.edits[1]!.show();
  await prepared;
  expect(bridge.edits[1]!.request.parameters).toEqual({ smile: 0.2 });
  expect(live.state.value).not.toBeNull();
});

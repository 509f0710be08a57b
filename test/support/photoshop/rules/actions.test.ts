import { FakePhotoshop } from '../photoshop';

const paint = (): [number, number, number, number] => [1, 1, 1, 1];
const options = { commandName: 'Test' };

function open(globals: Record<string, unknown> = {}) {
  const photoshop = new FakePhotoshop(globals);
  const layers = [{ name: 'Photo', paint, visible: false }];
  const id = photoshop.openDocument({ width: 8, height: 8, layers });
  return { photoshop, id, ...photoshop.api };
}

describe('the fake action system', () => {
  test('a failed command resolves with an error descriptor', async () => {
    const { action, core } = open();
    const answers = await core.executeAsModal(
      () => action.batchPlay([{ _obj: 'levitate' }], {}),
      options,
    );
    expect(answers).toMatchObject([{ _obj: 'error' }]);
  });

  test('selecting a hidden layer shows it unless told otherwise', async () => {
    const { photoshop, id, action, core } = open();
    const layer = photoshop.idOf(id, 'Photo');
    const select = (makeVisible?: boolean) =>
      core.executeAsModal(
        () =>
          action.batchPlay(
            [
              {
                _obj: 'select',
                _target: [{ _ref: 'layer', _id: layer }],
                ...(makeVisible === undefined ? {} : { makeVisible }),
              },
            ],
            {},
          ),
        options,
      );
    await select(false);
    expect(photoshop.layer(id, layer).visible).toBe(false);
    await select();
    expect(photoshop.layer(id, layer).visible).toBe(true);
  });

  test('steps keep JSON of flat values only, and only while recording', async () => {
    const { photoshop, action } = open();
    const step = { name: 'Frontalize', methodName: 'pspFrontalize' };
    await expect(action.recordAction(step, {})).rejects.toThrow('being recorded');
    photoshop.actions.recording = [];
    const nested = { when: new Date() } as unknown as Record<string, string>;
    await expect(action.recordAction(step, nested)).rejects.toThrow('cannot keep "when"');
    await action.recordAction(step, { version: 1, seed: '7' });
    expect(photoshop.actions.recording).toEqual([{ ...step, info: '{"version":1,"seed":"7"}' }]);
  });

  test('playback finds the handler by its global name and opens no second scope', async () => {
    const globals: Record<string, unknown> = {};
    const { photoshop, core } = open(globals);
    const step = { name: 'Frontalize', methodName: 'pspFrontalize', info: '{"seed":7}' };
    await expect(photoshop.actions.play([step])).rejects.toThrow('Script action failed.');
    globals['pspFrontalize'] = async (_context: unknown, info: unknown) => info;
    expect(await photoshop.actions.play([step])).toEqual([{ seed: 7 }]);
    expect(photoshop.problems()).toEqual([]);
    globals['pspFrontalize'] = () => core.executeAsModal(async () => undefined, options);
    await photoshop.actions.play([step]);
    expect(photoshop.problems()).toEqual(['executeAsModal("Test") during an action\'s playback']);
  });
});

import { defaultSettings, openSettings, parametersFor } from '../../../plugin/core/settings';
import { withNextSeeds } from '../../../plugin/core/order';
import { resampleStyle } from '../../support/fakeBridge';

function memoryStore(initial: string | null = null) {
  let text = initial;
  return {
    read: () => text,
    write: (_key: string, value: string) => {
      text = value;
    },
  };
}

test('settings survive', () => {
  const store = memoryStore();
  openSettings(store).update((settings) => ({ ...settings, language: 'ko' }));
  expect(openSettings(store).value.language).toBe('ko');
});

test.each(['', '{', '[]', 'null', '7', '{"language":"xx","faces":3,"parameters":[1]}'])(
  'unreadable settings %j fall back to the defaults',
  (text) => {
    expect(openSettings(memoryStore(text)).value).toEqual(defaultSettings);
  },
);

test('the values last used are shown, except those the operation does not take any more', () => {
  const stored = { variants: 5, seed: -1, colour: 'red' };
  const settings = { ...defaultSettings, parameters: { 'resample-style': stored } };
  expect(parametersFor(settings, resampleStyle)).toEqual({
    variants: 5,
    seed: 1,
    alpha: 1,
    styles: ['fine'],
  });
});

test('"more like this" counts the seeds on, and round at the end', () => {
  const order = {
    operation: resampleStyle,
    model: null,
    parameters: { variants: 4, seed: 4294967294 },
    faces: 'all',
    hole: 'selection',
    priority: 'interactive',
  } as const;
  expect(withNextSeeds(order).parameters).toEqual({ variants: 4, seed: 2 });
});

import { modelNameOf } from '../../../plugin/panel/modelName';
import { chooseTexts, formatTime } from '../../../plugin/panel/texts';
import { en } from '../../../plugin/panel/texts/en';

test('the language follows the editor unless it is chosen', () => {
  expect(chooseTexts('auto', 'ko-KR').tabs.create).toBe('만들기');
  expect(chooseTexts('auto', 'fr-FR')).toBe(en);
  expect(chooseTexts('en', 'ko-KR')).toBe(en);
});

test('times read as a person says them', () => {
  expect([4, 123, 1234, 34_567, 61_000].map((time) => formatTime(en, time))).toEqual([
    '0 ms',
    '120 ms',
    '1.2 s',
    '35 s',
    '1 min 1 s',
  ]);
});

test.each([
  ['psp_ffhq_encode.pt', 'psp-ffhq-encode'],
  ['../../Évil name!.pt', 'vil-name'],
  ['.pt', 'model'],
])('%s is imported as %s', (file, name) => {
  expect(modelNameOf(file)).toBe(name);
});

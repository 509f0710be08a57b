import { basename, dirname, join } from 'node:path';
import { planNames, type NamedInput } from '../../../bridge-server/cli/batch/planNames';

const beside = (input: string): NamedInput => ({ input, folder: join(dirname(input), 'edit') });
const into =
  (folder: string) =>
  (input: string): NamedInput => ({ input, folder });

const named = (inputs: readonly NamedInput[]): Record<string, string> => {
  const names = planNames(inputs, 'frontalize');
  return Object.fromEntries(
    inputs.map(({ input }) => [input, names.get(input)!.replace('-frontalize', '')]),
  );
};

test('names differ, and a plain name is never another file’s second choice', () => {
  const inputs = [
    '/s/photo.jpg',
    '/s/photo.png',
    '/s/photo-png.webp',
    '/s/Photo.tif',
    '/s/one.psb',
  ];
  expect(named(inputs.map(beside))).toEqual({
    '/s/Photo.tif': '/s/edit/Photo.psd',
    '/s/photo.jpg': '/s/edit/photo-jpg.psd',
    '/s/photo.png': '/s/edit/photo-s-png.psd',
    '/s/photo-png.webp': '/s/edit/photo-png.psd',
    '/s/one.psb': '/s/edit/one.psb',
  });
});

test('files of one name in several folders are told apart by them', () => {
  const inputs = ['/roll-1/a.jpg', '/roll-2/a.jpg', '/other/roll-2/a.jpg', '/roll-2/a.png'];
  const names = named(inputs.map(into('/out')));
  expect(names).toEqual({
    '/other/roll-2/a.jpg': '/out/a.psd',
    '/roll-1/a.jpg': '/out/a-roll-1.psd',
    '/roll-2/a.jpg': '/out/a-jpg.psd',
    '/roll-2/a.png': '/out/a-png.psd',
  });
});

test('the order of the list changes nothing', () => {
  const inputs = ['/a/x.jpg', '/b/x.jpg', '/a/x.png', '/c/X.jpg'].map(into('/out'));
  expect(named([...inputs].reverse())).toEqual(expect.objectContaining(named(inputs)));
});

test('names given earlier are kept, and given to no other file', () => {
  const earlier = { input: '/s/photo.png', output: '/s/edit/photo-frontalize.psd' };
  const names = planNames(['/s/photo.jpg', '/s/photo.png'].map(beside), 'frontalize', [earlier]);
  expect([...names.values()].map((name) => basename(name)).sort()).toEqual([
    'photo-frontalize.psd',
    'photo-jpg-frontalize.psd',
  ]);
  expect(names.get('/s/photo.png')).toBe(earlier.output);
});

test('one folder holds the results of several operations', () => {
  const earlier = { input: '/s/photo.png', output: '/out/photo-reconstruct.psd' };
  const names = planNames([into('/out')('/s/photo.png')], 'frontalize', [earlier]);
  expect(names.get('/s/photo.png')).toBe('/out/photo-frontalize.psd');
});

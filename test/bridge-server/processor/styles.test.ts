import type { Latents } from '../../../protocol/latents';
import { groupStyles } from '../../../models/convert';
import { styleResolutions } from '../../../models/convert/families/stylegan2/styleResolutions';
import { createLatentCache } from '../../../bridge-server/processor/latentCache';
import { mixStyles, styleIndices } from '../../../bridge-server/processor/styles';

test('coarse, middle and fine are the paper’s groups for any number of StyleGAN2 styles', () => {
  const groups = (styles: number) => groupStyles(styleResolutions(styles));
  expect(styleIndices(['coarse'], groups(18))).toEqual([0, 1, 2]);
  expect(styleIndices(['middle'], groups(18))).toEqual([3, 4, 5, 6]);
  expect(styleIndices(['fine'], groups(18))).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
  expect(styleIndices(['fine', 'coarse'], groups(10))).toEqual([0, 1, 2, 7, 8, 9]);
});

test('mixing blends the chosen styles and leaves the input as it was', () => {
  const codes: Latents = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
  const mixed = mixStyles(codes, Float32Array.of(10, 20), [1], 0.25);
  expect([...mixed.data]).toEqual([1, 2, 0.25 * 10 + 0.75 * 3, 0.25 * 20 + 0.75 * 4]);
  expect([...codes.data]).toEqual([1, 2, 3, 4]);
});

test('the cache forgets the least recently used codes beyond its bound', () => {
  const codes = (): Latents => ({ data: new Float32Array(4), shape: [2, 2] });
  const cache = createLatentCache(32);
  cache.set('a', codes());
  cache.set('b', codes());
  cache.get('a');
  cache.set('c', codes());
  expect([cache.get('a'), cache.get('b'), cache.get('c')].map(Boolean)).toEqual([
    true,
    false,
    true,
  ]);
});

import { composite, fitted, maskAsRaster, shrink } from '../../../plugin/core/resample';

const raster = (width: number, ...pixels: number[][]) => ({
  width,
  height: pixels.length / width,
  data: Uint8Array.from(pixels.flat()),
});

test('colours are weighted by alpha: transparent pixels do not bleed in', () => {
  const half = shrink(raster(2, [200, 100, 0, 255], [0, 0, 0, 0]), 1);
  expect([...half.data]).toEqual([200, 100, 0, 128]);
});

test('what lies outside the raster is transparent', () => {
  const crop = { left: -1, top: 0, right: 1, bottom: 2 };
  const part = shrink(raster(1, [9, 9, 9, 255], [9, 9, 9, 255]), 2, crop);
  expect([...part.data]).toEqual([0, 0, 0, 0, 9, 9, 9, 255, 0, 0, 0, 0, 9, 9, 9, 255]);
});

test('16 bits become 8', () => {
  const deep = { width: 1, height: 1, data: Uint16Array.of(65535, 257, 0, 32896) };
  expect([...shrink(deep, 8).data]).toEqual([255, 1, 0, 128]);
});

test('sizes keep their shape, are never enlarged and never vanish', () => {
  expect(fitted(4000, 2000, 1024)).toEqual({ width: 1024, height: 512 });
  expect(fitted(10, 20, 1024)).toEqual({ width: 10, height: 20 });
  expect(fitted(5000, 1, 100)).toEqual({ width: 100, height: 1 });
});

test('a patch shows over its ground by its alpha and its mask', () => {
  const under = raster(2, [0, 0, 0, 255], [0, 0, 0, 0]);
  const over = raster(2, [255, 255, 255, 255], [255, 0, 0, 255]);
  const mask = { width: 2, height: 1, data: Uint8Array.of(51, 255) };
  expect([...composite(under, over, mask).data]).toEqual([51, 51, 51, 255, 255, 0, 0, 255]);
  expect([...maskAsRaster(mask).data]).toEqual([255, 255, 255, 51, 255, 255, 255, 255]);
});

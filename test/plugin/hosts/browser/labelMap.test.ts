import {
  isLabelMap,
  newLabelMap,
  paintLabel,
} from '../../../../plugin/hosts/browser/document/labelMap';
import type { PixelLayer } from '../../../../plugin/hosts/browser/document/layer';
import { pixelLayer } from '../../../../plugin/hosts/browser/document/newLayers';

const canvas = { left: 0, top: 0, right: 32, bottom: 16 };
const line = { from: { x: 8, y: 8 }, to: { x: 24, y: 8 } };
const colourAt = ({ pixels }: PixelLayer, x: number, y: number): readonly number[] => [
  ...pixels.data.slice((y * pixels.width + x) * 4, (y * pixels.width + x) * 4 + 4),
];
const levelsOf = ({ pixels }: PixelLayer): ReadonlySet<number> => new Set(pixels.data);

test.each([
  [8, 255],
  [16, 65535],
] as const)('a brush paints flat colours of the palette in %i bit, and wipes', (depth, max) => {
  const empty = newLabelMap('Label map', canvas, depth);
  const painted = paintLabel(empty, line, 4, 'hair');
  expect(colourAt(painted, 16, 8)).toEqual([0, 0, (204 * max) / 255, max]);
  expect(colourAt(painted, 16, 13)).toEqual([0, 0, 0, 0]);
  // No shade between two classes.
  expect(levelsOf(painted)).toEqual(new Set([0, (204 * max) / 255, max]));
  expect(colourAt(paintLabel(painted, line, 2, null), 16, 8)).toEqual([0, 0, 0, 0]);
  expect(levelsOf(empty)).toEqual(new Set([0]));
});

test('what is painted in the palette is a label map, in a PNG that was opened too; a photograph is none', () => {
  const painted = paintLabel(newLabelMap('Label map', canvas, 8), line, 4, 'left eye');
  expect(isLabelMap(painted)).toBe(true);
  const data = Uint8Array.from(painted.pixels.data, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256));
  expect(isLabelMap(pixelLayer({ ...painted, pixels: { ...painted.pixels, data } }))).toBe(false);
  expect(isLabelMap(null)).toBe(false);
});

test("no layer of an opened PSD is painted on: its file's layers stay as they are", () => {
  expect(isLabelMap({ ...newLabelMap('Label map', canvas, 8), fileIndex: 0 })).toBe(false);
});

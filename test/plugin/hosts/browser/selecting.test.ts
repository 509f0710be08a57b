import { featherSelection } from '../../../../plugin/hosts/browser/document/feather';
import { polygonSelection } from '../../../../plugin/hosts/browser/document/lasso';
import {
  readSelection,
  rectangleSelection,
  type Selection,
} from '../../../../plugin/hosts/browser/document/selection';

const canvas = { left: 0, top: 0, right: 40, bottom: 40 };
const at = (selection: Selection, x: number, y: number) =>
  readSelection(selection, { left: x, top: y, right: x + 1, bottom: y + 1 }).data[0]!;
const sum = ({ mask }: Selection) => mask.data.reduce((total, value) => total + value, 0) / 255;

describe('a lasso', () => {
  const triangle = [
    { x: 10, y: 10 },
    { x: 30, y: 10 },
    { x: 10, y: 30 },
  ];

  test('selects what is inside, as much of a pixel as lies inside', () => {
    const selection = polygonSelection(triangle, canvas)!;
    expect([at(selection, 12, 12), at(selection, 28, 28)]).toEqual([255, 0]);
    // On the slope half a pixel is inside.
    expect(Math.abs(at(selection, 19, 20) - 128)).toBeLessThan(8);
    expect(Math.abs(sum(selection) - 200)).toBeLessThan(1);
  });

  test('drawn either way round, and crossing itself, it keeps no hole', () => {
    const twice = [...triangle, ...triangle.map(({ x, y }) => ({ x: x + 2, y: y + 2 }))];
    const selection = polygonSelection(twice, canvas)!;
    expect(at(selection, 15, 15)).toBe(255);
    expect(polygonSelection([...triangle].reverse(), canvas)).toEqual(
      polygonSelection(triangle, canvas),
    );
  });

  test('beyond the canvas, and a mere click, select nothing', () => {
    const away = triangle.map(({ x, y }) => ({ x: x + 100, y }));
    expect(polygonSelection(away, canvas)).toBeNull();
    expect(polygonSelection(triangle.slice(0, 1), canvas)).toBeNull();
  });
});

describe('feather', () => {
  const drawn = rectangleSelection({ left: 10, top: 10, right: 30, bottom: 30 })!;

  test('the edge fades to both sides and lies where it lay', () => {
    const soft = featherSelection(drawn, 6, canvas);
    const row = [4, 7, 9, 10, 13, 20].map((x) => at(soft, x, 20));
    expect([...row].sort((a, b) => a - b)).toEqual(row);
    expect(at(soft, 9, 20)).toBeLessThan(128);
    expect(at(soft, 10, 20)).toBeGreaterThanOrEqual(128);
    expect([at(soft, 0, 20), at(soft, 20, 20)]).toEqual([0, 255]);
    expect(Math.abs(sum(soft) - sum(drawn))).toBeLessThan(sum(drawn) * 0.02);
  });

  test('again is from the edge as drawn, and none is the edge as drawn', () => {
    const soft = featherSelection(drawn, 12, canvas);
    expect(featherSelection(soft, 6, canvas)).toEqual(featherSelection(drawn, 6, canvas));
    expect(featherSelection(soft, 0, canvas)).toBe(drawn);
  });

  test("at the canvas's border nothing fades", () => {
    const all = rectangleSelection(canvas)!;
    expect(featherSelection(all, 10, canvas).mask.data.every((value) => value === 255)).toBe(true);
  });
});

import { LayeredDocument } from '../../../../plugin/hosts/browser/document/layeredDocument';
import { insertAbove, pixelLayer } from '../../../../plugin/hosts/browser/document/newLayers';
import {
  brushSelection,
  combineSelections,
  invertSelection,
  readSelection,
  rectangleSelection,
} from '../../../../plugin/hosts/browser/document/selection';

const bounds = { left: 0, top: 0, right: 1, bottom: 1 };
const layer = (name: string, given: { clipped?: boolean; madeFrom?: string } = {}) =>
  pixelLayer({
    name,
    bounds,
    pixels: { width: 1, height: 1, data: new Uint8Array(4) },
    id: name,
    ...given,
  });

const init = {
  name: 'd',
  width: 1,
  height: 1,
  depth: 8 as const,
  psd: null,
  profile: null,
  metadata: null,
  remarks: [],
};

test('undo, redo and what a new step does to what was undone', () => {
  const document = new LayeredDocument({ ...init, layers: [layer('Photo')] });
  const add = (name: string) =>
    document.apply(name, (state) => ({ ...state, layers: [...state.layers, layer(name)] }));
  const names = () => document.state.value.layers.map(({ name }) => name);
  add('A');
  add('B');
  document.undo();
  expect([names(), document.undoName, document.redoName]).toEqual([['Photo', 'A'], 'A', 'B']);
  document.redo();
  expect(names()).toEqual(['Photo', 'A', 'B']);
  document.undo();
  add('C');
  document.redo();
  expect(document.history).toEqual(['A', 'C']);
  expect(document.isModified).toBe(true);
  document.markSaved();
  expect(document.isModified).toBe(false);
});

test('a slider that is dragged is one step', () => {
  const document = new LayeredDocument({ ...init, layers: [layer('Photo')] });
  const drag = (thing: string) => document.amend('Opacity', thing, (state) => ({ ...state }));
  drag('Photo');
  drag('Photo');
  expect(document.history).toEqual(['Opacity']);
  drag('Other');
  expect(document.history).toEqual(['Opacity', 'Opacity']);
});

test('results lie above their source, what is clipped to it, and its earlier results', () => {
  const layers = [
    layer('Photo'),
    layer('Shade', { clipped: true }),
    layer('Old', { madeFrom: 'Photo' }),
    layer('Notes'),
  ];
  const names = insertAbove(layers, 'Photo', [layer('New')]).map(({ name }) => name);
  expect(names).toEqual(['Photo', 'Shade', 'Old', 'New', 'Notes']);
});

test('a brush adds, an eraser takes away, nothing leaves the canvas', () => {
  const canvas = { left: 0, top: 0, right: 10, bottom: 10 };
  const at = (x: number, y: number) => ({ from: { x, y }, to: { x, y } });
  const painted = brushSelection(null, at(0, 0), 2, 'add', canvas)!;
  expect(painted.bounds).toEqual({ left: 0, top: 0, right: 3, bottom: 3 });
  expect(painted.mask.data[0]).toBe(255);
  expect(painted.mask.data[8]).toBe(0);
  expect(brushSelection(painted, at(0, 0), 5, 'subtract', canvas)).toBeNull();
  expect(brushSelection(null, at(50, 50), 2, 'add', canvas)).toBeNull();
  expect(rectangleSelection({ left: 3, top: 3, right: 3, bottom: 9 })).toBeNull();
});

test('a selection is added to, taken from and inverted', () => {
  const box = (left: number, right: number) =>
    rectangleSelection({ left, top: 0, right, bottom: 1 })!;
  const row = (selection: ReturnType<typeof combineSelections>) =>
    selection &&
    [...readSelection(selection, { left: 0, top: 0, right: 6, bottom: 1 }).data].map(
      (value) => value / 255,
    );
  const both = combineSelections(box(1, 3), box(4, 5), 'add');
  expect(row(both)).toEqual([0, 1, 1, 0, 1, 0]);
  expect(row(combineSelections(both, box(2, 6), 'subtract'))).toEqual([0, 1, 0, 0, 0, 0]);
  expect(combineSelections(box(1, 3), box(0, 6), 'subtract')).toBeNull();
  expect(combineSelections(null, box(0, 6), 'subtract')).toBeNull();
  const canvas = { left: 0, top: 0, right: 6, bottom: 1 };
  expect(row(invertSelection(both, canvas))).toEqual([1, 0, 0, 1, 0, 1]);
  expect(row(invertSelection(null, canvas))).toEqual([1, 1, 1, 1, 1, 1]);
});

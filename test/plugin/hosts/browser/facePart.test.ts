import { readSelection } from '../../../../plugin/hosts/browser/document/selection';
import { selectFacePart } from '../../../../plugin/hosts/browser/document/facePart';
import { faceAt } from '../../../support/fakeBridge';

const canvas = { left: 0, top: 0, right: 100, bottom: 100 };
/** Eyes at 35 and 65 of 40, mouth from 40 to 60 of 70. */
const face = faceAt(canvas);
const selected = (part: Parameters<typeof selectFacePart>[1], x: number, y: number) => {
  const selection = selectFacePart([face], part, canvas)!;
  return readSelection(selection, { left: x, top: y, right: x + 1, bottom: y + 1 }).data[0];
};

test('eyes, mouth and face are selected where the landmarks are, and nothing beside them', () => {
  expect([selected('eyes', 35, 40), selected('eyes', 65, 40)]).toEqual([255, 255]);
  expect([selected('eyes', 50, 40), selected('eyes', 50, 70)]).toEqual([0, 0]);
  expect([selected('mouth', 50, 70), selected('mouth', 50, 40)]).toEqual([255, 0]);
  expect([selected('face', 50, 55), selected('face', 50, 99)]).toEqual([255, 0]);
});

test('a face outside the canvas selects nothing', () => {
  expect(selectFacePart([face], 'eyes', { left: 0, top: 0, right: 5, bottom: 5 })).toBeNull();
});

import { intersectBounds, type Point } from '../../../../protocol/geometry';
import type { PartName } from '../../../../protocol/partPalette';
import { isLabelMap, newLabelMap, paintLabel } from '../document/labelMap';
import { findLayer, replaceLayers } from '../document/layer';
import type { LayeredDocument } from '../document/layeredDocument';
import { polygonSelection } from '../document/lasso';
import { brushSelection, rectangleSelection } from '../document/selection';
import { toDocument } from '../view/camera';
import { joined, type Editor, type SelectMode, type Tool } from './editor';

/** A drag of the pointer, in device pixels of the canvas. */
export interface Stroke {
  move(to: Point): void;
  end(): void;
}

/** Keys held as it begins. Alt: the brush erases, the eraser paints, an outline is taken away. Shift: it is added. */
export interface StrokeKeys {
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

export function beginStroke(
  editor: Editor,
  document: LayeredDocument,
  tool: Tool,
  start: Point,
  { altKey, shiftKey }: StrokeKeys,
): Stroke {
  switch (tool) {
    case 'hand':
      return moveView(editor, document, start);
    case 'rectangle':
      return dragRectangle(editor, document, start, modeOf(editor, altKey, shiftKey));
    case 'lasso':
      return drawLasso(editor, document, start, modeOf(editor, altKey, shiftKey));
    case 'brush':
    case 'eraser': {
      const adds = (tool === 'brush') !== altKey;
      const label = editor.label.value;
      return label === null
        ? paintSelection(editor, document, start, adds ? 'add' : 'subtract')
        : paintLabels(editor, document, start, adds ? label : null);
    }
  }
}

function moveView(editor: Editor, document: LayeredDocument, start: Point): Stroke {
  const from = editor.cameraOf(document).value;
  return {
    move: (to) =>
      editor.look(document, {
        ...from,
        left: from.left + to.x - start.x,
        top: from.top + to.y - start.y,
      }),
    end: () => undefined,
  };
}

let nextStroke = 1;

export const modeOf = (editor: Editor, altKey: boolean, shiftKey: boolean): SelectMode =>
  altKey ? 'subtract' : shiftKey ? 'add' : editor.selectMode.value;

function dragRectangle(
  editor: Editor,
  document: LayeredDocument,
  start: Point,
  mode: SelectMode,
): Stroke {
  const before = document.state.value.selection;
  const camera = editor.cameraOf(document).value;
  const from = toDocument(camera, start);
  const thing = `stroke-${nextStroke++}`;
  let moved = false;
  return {
    move(to) {
      moved = true;
      const corner = toDocument(camera, to);
      const bounds = {
        left: Math.round(Math.min(from.x, corner.x)),
        top: Math.round(Math.min(from.y, corner.y)),
        right: Math.round(Math.max(from.x, corner.x)),
        bottom: Math.round(Math.max(from.y, corner.y)),
      };
      const drawn = rectangleSelection(intersectBounds(bounds, document.bounds));
      const selection = joined(before, drawn, mode);
      document.amend(editor.texts.steps.select, thing, (state) => ({ ...state, selection }));
    },
    end() {
      // A click beside the selection lets go of it, as in every editor.
      if (!moved && mode === 'replace') editor.deselect(document);
    },
  };
}

function drawLasso(
  editor: Editor,
  document: LayeredDocument,
  start: Point,
  mode: SelectMode,
): Stroke {
  const camera = editor.cameraOf(document).value;
  editor.outline.set([toDocument(camera, start)]);
  return {
    move: (to) => editor.outline.update((points) => [...points, toDocument(camera, to)]),
    end() {
      const drawn = polygonSelection(editor.outline.value, document.bounds);
      editor.outline.set([]);
      // A click beside the selection lets go of it, as in every editor.
      if (!drawn) {
        if (mode === 'replace') editor.deselect(document);
        return;
      }
      document.apply(editor.texts.steps.select, (state) => ({
        ...state,
        selection: joined(state.selection, drawn, mode),
      }));
    },
  };
}

function paintSelection(
  editor: Editor,
  document: LayeredDocument,
  start: Point,
  mode: 'add' | 'subtract',
): Stroke {
  const camera = editor.cameraOf(document).value;
  const radius = editor.brushRadius.value;
  const thing = `stroke-${nextStroke++}`;
  let last = toDocument(camera, start);
  const paintTo = (to: Point) => {
    const line = { from: last, to };
    last = to;
    document.amend(editor.texts.steps.paint, thing, (state) => ({
      ...state,
      selection: brushSelection(state.selection, line, radius, mode, document.bounds),
    }));
  };
  paintTo(last);
  return { move: (to) => paintTo(toDocument(camera, to)), end: () => undefined };
}

/** Into the selected layer where that is a label map, otherwise into a new one on top. */
function paintLabels(
  editor: Editor,
  document: LayeredDocument,
  start: Point,
  part: PartName | null,
): Stroke {
  const camera = editor.cameraOf(document).value;
  const radius = editor.brushRadius.value;
  const { steps, labelMap } = editor.texts;
  const thing = `stroke-${nextStroke++}`;
  const { layers } = document.state.value;
  const [selectedId] = document.selectedIds.value;
  const selected = selectedId === undefined ? null : findLayer(layers, selectedId);
  const made = isLabelMap(selected)
    ? null
    : newLabelMap(labelMap, document.bounds, document.init.depth);
  const { id } = made ?? selected!;
  let last = toDocument(camera, start);
  const paintTo = (to: Point) => {
    const line = { from: last, to };
    last = to;
    document.amend(steps.paintLabels, thing, (state) => {
      const all = made && !findLayer(state.layers, id) ? [...state.layers, made] : state.layers;
      return {
        ...state,
        layers: replaceLayers(all, id, (layer) => [
          layer.kind === 'pixel' ? paintLabel(layer, line, radius, part) : layer,
        ]),
      };
    });
  };
  paintTo(last);
  if (made) document.selectedIds.set([id]);
  return { move: (to) => paintTo(toDocument(camera, to)), end: () => undefined };
}

import type { Point } from '../../../../protocol/geometry';
import type { LayeredDocument } from '../document/layeredDocument';
import { zoomCamera } from '../view/camera';
import type { Editor } from './editor';
import { beginStroke, type Stroke } from './strokes';

/** How near to the divider of a split view a finger takes hold of it, in CSS pixels. */
const dividerReach = 24;

/**
 * Wheel and two fingers zoom, drags follow the tool; the middle button and Space always move the view.
 * @param ring shows how far the brush reaches
 */
export function listenToPointer(
  element: HTMLCanvasElement,
  ring: HTMLElement,
  editor: Editor,
  document: LayeredDocument,
): () => void {
  const camera = editor.cameraOf(document);
  const at = (event: MouseEvent): Point => ({
    x: event.offsetX * devicePixelRatio,
    y: event.offsetY * devicePixelRatio,
  });
  const fingers = new Map<number, Point>();
  let stroke: Stroke | null = null;
  let before = document.state.value;
  let isSpaceHeld = false;
  const controller = new AbortController();
  const options = { signal: controller.signal };

  const end = () => {
    stroke?.end();
    stroke = null;
  };
  const beginDivider = (): Stroke => ({
    move: ({ x }) => editor.split.set(Math.min(1, Math.max(0, x / element.width))),
    end: () => undefined,
  });
  const isOnDivider = (event: PointerEvent): boolean =>
    event.pointerType !== 'mouse' &&
    editor.split.value !== null &&
    Math.abs(event.offsetX - editor.split.value * element.clientWidth) < dividerReach;
  const pinch = (id: number, to: Point) => {
    const from = fingers.get(id)!;
    const other = [...fingers].find(([known]) => known !== id)![1];
    const distance = (a: Point) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
    const zoomed = zoomCamera(camera.value, distance(to) / distance(from), other);
    editor.look(document, zoomed);
  };
  const showRing = (event: PointerEvent) => {
    const tool = editor.tool.value;
    ring.hidden = event.pointerType === 'touch' || (tool !== 'brush' && tool !== 'eraser');
    const side = (2 * editor.brushRadius.value * camera.value.scale) / devicePixelRatio;
    ring.style.width = ring.style.height = `${side}px`;
    ring.style.transform = `translate(${event.offsetX - side / 2}px, ${event.offsetY - side / 2}px)`;
  };

  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      // A trackpad's pinch comes as a wheel with Ctrl, in small steps.
      const factor = Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400));
      editor.look(document, zoomCamera(camera.value, factor, at(event)));
    },
    { ...options, passive: false },
  );
  element.addEventListener(
    'pointerdown',
    (event) => {
      element.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, at(event));
      if (fingers.size > 1) {
        // What the first finger began was no stroke.
        end();
        if (document.state.value !== before) document.undo();
        return;
      }
      before = document.state.value;
      const tool = event.button === 1 || isSpaceHeld ? 'hand' : editor.tool.value;
      stroke = isOnDivider(event)
        ? beginDivider()
        : beginStroke(editor, document, tool, at(event), event);
    },
    options,
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      showRing(event);
      if (fingers.size > 1 && fingers.has(event.pointerId)) pinch(event.pointerId, at(event));
      else if (stroke) stroke.move(at(event));
      // The divider follows the pointer, as in the panel.
      else if (editor.split.value !== null) editor.split.set(event.offsetX / element.clientWidth);
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, at(event));
    },
    options,
  );
  const lift = (event: PointerEvent) => {
    end();
    fingers.delete(event.pointerId);
  };
  element.addEventListener('pointerup', lift, options);
  element.addEventListener('pointercancel', lift, options);
  element.addEventListener('pointerleave', () => (ring.hidden = true), options);
  const holdSpace = (event: KeyboardEvent) => {
    // On a button Space presses it.
    if (event.key === ' ' && event.target === element.ownerDocument.body) {
      isSpaceHeld = event.type === 'keydown';
      event.preventDefault();
    }
  };
  addEventListener('keydown', holdSpace, options);
  addEventListener('keyup', holdSpace, options);
  return () => controller.abort();
}

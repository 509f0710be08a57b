import { useEffect, useRef } from 'preact/hooks';
import type { FaceSearch } from '../../../core/faceSearch';
import type { LayeredDocument } from '../document/layeredDocument';
import { fitCamera, zoomCamera } from '../view/camera';
import { drawView } from '../view/drawView';
import { SelectionOverlay } from '../view/selectionOverlay';
import type { Editor } from './editor';
import { beginStroke, type Stroke } from './strokes';
import { useObservable } from '../../../panel/services';

/** The document in front, to look at and to select in. */
export function CanvasView(props: {
  readonly editor: Editor;
  readonly faces: FaceSearch;
  readonly document: LayeredDocument;
}) {
  const { editor, faces, document } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const tool = useObservable(editor.tool);

  useEffect(() => {
    const element = canvas.current!;
    const camera = editor.cameraOf(document);
    const overlay = new SelectionOverlay();
    // Of a result that has just come nothing may be tinted: until the selection is worked on again.
    let shown = document.state.value;
    let isTinted = true;
    const followState = () => {
      const { selection, layers } = document.state.value;
      if (selection !== shown.selection) isTinted = true;
      else if (layers !== shown.layers) isTinted = false;
      shown = document.state.value;
      drawSoon();
    };
    let frame = 0;
    const draw = () => {
      frame = 0;
      drawView(element.getContext('2d')!, document, {
        bitmaps: editor.bitmaps,
        camera: camera.value,
        overlay,
        faces: document.isModified && !editor.showsFaces.value ? null : facesOf(faces, document),
        tintsSelection:
          isTinted && (editor.tool.value === 'brush' || editor.tool.value === 'eraser'),
        split: editor.split.value,
        pixelRatio: devicePixelRatio,
      });
    };
    const drawSoon = () => {
      frame ||= requestAnimationFrame(draw);
    };
    const resize = new ResizeObserver(() => {
      const wasFitted = sameCamera(camera.value, fitCamera(document.init, editor.viewSize.value));
      element.width = Math.max(1, Math.round(element.clientWidth * devicePixelRatio));
      element.height = Math.max(1, Math.round(element.clientHeight * devicePixelRatio));
      editor.viewSize.set({ width: element.width, height: element.height });
      if (wasFitted) editor.fit(document);
      drawSoon();
    });
    resize.observe(element);
    const stops = [
      document.state.subscribe(followState),
      camera.subscribe(drawSoon),
      editor.painted.subscribe(drawSoon),
      editor.showsFaces.subscribe(drawSoon),
      editor.split.subscribe(drawSoon),
      editor.tool.subscribe(drawSoon),
      faces.state.subscribe(drawSoon),
      listenToPointer(element, editor, document),
      () => resize.disconnect(),
      () => cancelAnimationFrame(frame),
    ];
    drawSoon();
    return () => stops.forEach((stop) => stop());
  }, [document]);

  const { name, width, height } = document.init;
  return (
    <canvas
      ref={canvas}
      class={`canvas canvas-${tool}`}
      role="img"
      aria-label={`${name}, ${width} × ${height}`}
      data-test="canvas"
    />
  );
}

function facesOf(faces: FaceSearch, document: LayeredDocument) {
  const known = faces.known();
  return known?.target.documentId === document.id ? known : null;
}

const sameCamera = (a: ReturnType<typeof fitCamera>, b: ReturnType<typeof fitCamera>): boolean =>
  a.scale === b.scale && a.left === b.left && a.top === b.top;

/** Wheel zooms at the pointer, drags follow the tool; the middle button and Space always move. */
function listenToPointer(
  element: HTMLCanvasElement,
  editor: Editor,
  document: LayeredDocument,
): () => void {
  const camera = editor.cameraOf(document);
  const at = (event: MouseEvent) => ({
    x: event.offsetX * devicePixelRatio,
    y: event.offsetY * devicePixelRatio,
  });
  let stroke: Stroke | null = null;
  const controller = new AbortController();
  const options = { signal: controller.signal };
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const factor = Math.exp(-event.deltaY / 400);
      editor.look(document, zoomCamera(camera.value, factor, at(event)));
    },
    { ...options, passive: false },
  );
  element.addEventListener(
    'pointerdown',
    (event) => {
      element.setPointerCapture(event.pointerId);
      const tool = event.button === 1 ? 'hand' : editor.tool.value;
      stroke = beginStroke(editor, document, tool, at(event), event);
    },
    options,
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (stroke) stroke.move(at(event));
      // The divider follows the pointer, as in the panel.
      else if (editor.split.value !== null) editor.split.set(event.offsetX / element.clientWidth);
    },
    options,
  );
  const end = () => {
    stroke?.end();
    stroke = null;
  };
  element.addEventListener('pointerup', end, options);
  element.addEventListener('pointercancel', end, options);
  return () => controller.abort();
}

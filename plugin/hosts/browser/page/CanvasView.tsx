import { useEffect, useRef } from 'preact/hooks';
import type { FaceSearch } from '../../../core/faceSearch';
import type { LayeredDocument } from '../document/layeredDocument';
import { fitCamera } from '../view/camera';
import { drawView } from '../view/drawView';
import { SelectionOverlay } from '../view/selectionOverlay';
import type { Editor, Tool } from './editor';
import { listenToPointer } from './pointer';
import { useObservable } from '../../../panel/services';

/** The document in front, to look at and to select in. */
export function CanvasView(props: {
  readonly editor: Editor;
  readonly faces: FaceSearch;
  readonly document: LayeredDocument;
}) {
  const { editor, faces, document } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const ring = useRef<HTMLDivElement>(null);
  const tool = useObservable(editor.tool);

  useEffect(() => {
    const element = canvas.current!;
    const camera = editor.cameraOf(document);
    const overlay = new SelectionOverlay();
    // Nothing may lie over a result that has just come, until the selection is worked on again.
    let shown = document.state.value;
    let isMarked = true;
    const followState = () => {
      const { selection, layers } = document.state.value;
      if (selection !== shown.selection) isMarked = true;
      else if (layers !== shown.layers) isMarked = false;
      shown = document.state.value;
      drawSoon();
    };
    const followTool = () => {
      isMarked = true;
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
        selection: !isMarked ? 'hidden' : isPainting(editor.tool.value) ? 'tinted' : 'outlined',
        outline: editor.outline.value,
        solo: editor.solo.value,
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
      const before = editor.viewSize.value;
      editor.viewSize.set({ width: element.width, height: element.height });
      if (wasFitted) editor.fit(document);
      else if (before.width > 0) {
        // What was in the middle stays there.
        const { scale, left, top } = camera.value;
        camera.set({
          scale,
          left: left + (element.width - before.width) / 2,
          top: top + (element.height - before.height) / 2,
        });
      }
      drawSoon();
    });
    resize.observe(element);
    const stops = [
      document.state.subscribe(followState),
      camera.subscribe(drawSoon),
      editor.painted.subscribe(drawSoon),
      editor.showsFaces.subscribe(drawSoon),
      editor.split.subscribe(drawSoon),
      editor.tool.subscribe(followTool),
      editor.outline.subscribe(drawSoon),
      editor.solo.subscribe(drawSoon),
      faces.state.subscribe(drawSoon),
      listenToPointer(element, ring.current!, editor, document),
      () => resize.disconnect(),
      () => cancelAnimationFrame(frame),
    ];
    drawSoon();
    return () => stops.forEach((stop) => stop());
  }, [document]);

  const { name, width, height } = document.init;
  return (
    <div class="canvas-frame">
      <canvas
        ref={canvas}
        class={`canvas canvas-${tool}`}
        role="img"
        aria-label={`${name}, ${width} × ${height}`}
        data-test="canvas"
      />
      <div ref={ring} class="brush-ring" data-test="brush-ring" hidden />
    </div>
  );
}

function facesOf(faces: FaceSearch, document: LayeredDocument) {
  const known = faces.known();
  return known?.target.documentId === document.id ? known : null;
}

const sameCamera = (a: ReturnType<typeof fitCamera>, b: ReturnType<typeof fitCamera>): boolean =>
  a.scale === b.scale && a.left === b.left && a.top === b.top;

const isPainting = (tool: Tool): boolean => tool === 'brush' || tool === 'eraser';

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Raster } from '../../protocol/raster';
import { Picture } from './Picture';

/** Both states of a place on top of each other; the divider follows the pointer. */
export function BeforeAfter(props: {
  readonly before: Raster;
  readonly after: Raster;
  /** What stands on the left and on the right. */
  readonly names: readonly [string, string];
}) {
  const { before, after, names } = props;
  const box = useRef<HTMLDivElement>(null);
  // A usual panel's width until it is measured, so that the card has its height at once.
  const [width, setWidth] = useState(280);
  const [share, setShare] = useState(0.5);
  useEffect(() => {
    setWidth(box.current?.clientWidth || 280);
  }, []);
  const height = Math.min(260, Math.round((width * after.height) / after.width));
  const drawnWidth = Math.round((height * after.width) / after.height);
  const follow = (event: PointerEvent | MouseEvent) => {
    const rectangle = box.current?.getBoundingClientRect();
    if (!rectangle || drawnWidth === 0) return;
    const left = rectangle.left + (rectangle.width - drawnWidth) / 2;
    setShare(Math.min(1, Math.max(0, (event.clientX - left) / drawnWidth)));
  };
  const size = `width: ${drawnWidth}px; height: ${height}px`;
  return (
    <div
      class="before-after"
      ref={box}
      style={`height: ${height}px`}
      onMouseMove={follow}
      // A finger that taps or draws sends no mouse until it has left.
      onPointerDown={follow}
      onPointerMove={follow}
      onPointerLeave={({ pointerType }) => pointerType === 'mouse' && setShare(0.5)}
    >
      <div
        class="before-after-frame"
        style={`${size}; left: 50%; margin-left: ${-drawnWidth / 2}px`}
      >
        <Picture class="before-after-picture" style={size} pixels={after} />
        <div
          class="before-after-left"
          style={`width: ${Math.round(share * drawnWidth)}px; height: ${height}px`}
        >
          <Picture class="before-after-picture" style={size} pixels={before} />
        </div>
        <div
          class="before-after-line"
          style={`left: ${Math.round(share * drawnWidth)}px; height: ${height}px`}
        />
        {share > 0.2 && <span class="corner corner-left">{names[0]}</span>}
        {share < 0.8 && <span class="corner corner-right">{names[1]}</span>}
      </div>
    </div>
  );
}

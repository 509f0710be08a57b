import type { Observable } from '../../../core/observable';
import { useObservable } from '../../../panel/services';
import { dockLimits, sizeFor, type Docks, type DockSide } from './docks';

const stepPixels = 16;

/** The edge of a dock: dragged, moved by arrow keys, folded and unfolded by a double click or Enter. */
export function DockHandle(props: {
  readonly docks: Observable<Docks>;
  readonly side: DockSide;
  readonly label: string;
}) {
  const { docks, side, label } = props;
  const size = useObservable(docks)[side];
  const { max, usual } = dockLimits[side];
  const isAcross = side === 'height';
  const resize = (wanted: number) =>
    docks.update((all) => ({ ...all, [side]: sizeFor(side, wanted) }));
  const toggle = () => resize(size === 0 ? usual : 0);
  const onKey = (event: KeyboardEvent) => {
    const [more, less] = isAcross ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
    const least = dockLimits[side].min;
    if (event.key === more) resize(size === 0 ? least : size + stepPixels);
    else if (event.key === less) resize(size <= least ? 0 : size - stepPixels);
    else if (event.key === 'Enter') toggle();
    else return;
    event.preventDefault();
  };
  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const start = isAcross ? event.clientY : event.clientX;
    const move = ({ clientX, clientY }: PointerEvent) =>
      resize(size + start - (isAcross ? clientY : clientX));
    handle.addEventListener('pointermove', move);
    const end = () => handle.removeEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', end, { once: true });
  };
  return (
    <section class={`dock-handle dock-handle-${side}`} aria-label={label}>
      <div
        class="dock-grip"
        role="separator"
        tabIndex={0}
        aria-orientation={isAcross ? 'horizontal' : 'vertical'}
        aria-label={label}
        aria-valuenow={size}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuetext={`${size} px`}
        data-handle={side}
        onKeyDown={onKey}
        onPointerDown={onPointerDown}
        onDblClick={toggle}
      />
    </section>
  );
}

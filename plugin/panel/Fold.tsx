import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Press } from './Press';
import { useSemantics } from './services';

/** What is pressed to unfold something below it, as wide as there is room: an arrow, and what it is. */
export function FoldLine(props: {
  readonly label: string;
  readonly title?: string;
  readonly isOpen: boolean;
  /** What is seen of it; the label, where it is more than that. */
  readonly children: ComponentChildren;
  onToggle(): void;
  onKeyDown?(event: KeyboardEvent): void;
}) {
  const semantics = useSemantics();
  const { isOpen, children, onToggle, ...rest } = props;
  return (
    <div class="fold grow">
      <span class="arrow" {...semantics({ hidden: true })}>
        {isOpen ? '▾' : '▸'}
      </span>
      <span class="fold-text" {...semantics({ hidden: true })}>
        {children}
      </span>
      <Press {...rest} means={{ expanded: isOpen }} onClick={onToggle} />
    </div>
  );
}

/** Controls of a result that are folded away until somebody wants them. */
export function Fold(props: {
  readonly label: string;
  /** What is going on with them, at the line's end. */
  readonly note: string;
  readonly error: string | null;
  readonly children: ComponentChildren;
}) {
  const { label, note, error, children } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="folded">
      <div class="row">
        <FoldLine label={label} isOpen={isOpen} onToggle={() => setOpen(!isOpen)}>
          <span class="ellipsis">{label}</span>
        </FoldLine>
        <span class="muted small">{note}</span>
      </div>
      {isOpen && <div class="fold-content">{children}</div>}
      {error !== null && <p class="error">{error}</p>}
    </div>
  );
}

import { useSemantics } from './services';
import type { Semantics } from './services';

/**
 * The button of a place that holds pictures or several lines, laid over them. In UXP a `<button>` is sure to show
 * text only and keeps the clicks of what is in it (Known Issues: "Interactive elements swallow most
 * events"), and whether a `<div>` takes the focus is not documented.
 */
export function Press(props: {
  /** Its name, for whoever does not see what lies under it. */
  readonly label: string;
  readonly title?: string;
  readonly disabled?: boolean;
  readonly means?: Pick<Semantics, 'pressed' | 'expanded'>;
  onClick(): void;
  onKeyDown?(event: KeyboardEvent): void;
}) {
  const semantics = useSemantics();
  const { label, means, ...rest } = props;
  return <button class="press" {...rest} {...semantics({ ...means, label })} />;
}

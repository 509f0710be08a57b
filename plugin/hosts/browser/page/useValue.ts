import { useEffect, useState } from 'preact/hooks';
import type { Observable } from '../../../core/observable';

/** An observable's value, rendered anew when it changes. */
export function useValue<T>(observable: Observable<T>): T {
  const [value, setValue] = useState(observable.value);
  useEffect(() => {
    setValue(() => observable.value);
    return observable.subscribe((next) => setValue(() => next));
  }, [observable]);
  return value;
}

import { useEffect, useState } from 'preact/hooks';
import type { Raster } from '../../protocol/raster';
import { useServices } from './services';

/** URLs live as long as their pixels. */
const urls = new WeakMap<Raster, Promise<string>>();

/** A raster as an image element: Photoshop's canvas cannot show pixels, its `<img>` can. */
export function Picture(props: {
  readonly pixels: Raster;
  readonly class?: string;
  readonly style?: string;
  readonly label?: string;
}) {
  const { platform } = useServices();
  const { pixels } = props;
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    const pending = urls.get(pixels) ?? platform.imageUrl(pixels);
    urls.set(pixels, pending);
    pending.then((made) => current && setUrl(made)).catch(() => urls.delete(pixels));
    return () => {
      current = false;
    };
  }, [pixels]);
  return url === null ? (
    <span class={props.class} style={props.style} />
  ) : (
    <img class={props.class} style={props.style} src={url} alt={props.label ?? ''} />
  );
}

import { useMemo } from 'preact/hooks';
import type { Raster } from '../../protocol/raster';
import { middleSquare, shrink } from '../core/resample';
import { Picture } from './Picture';

/** Twice the pixels of the largest on screen, for fine screens. */
const sidePixels = 96;

/** The middle of a picture as a square, cut here: UXP draws borders and backgrounds wrong beside `object-fit`. */
export function Thumbnail(props: {
  readonly class: string;
  readonly pixels: Raster;
  readonly label?: string;
}) {
  const { pixels, ...rest } = props;
  const square = useMemo(() => shrink(pixels, sidePixels, middleSquare(pixels)), [pixels]);
  return <Picture {...rest} pixels={square} />;
}

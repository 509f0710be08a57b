import { boundsHeight, boundsWidth, isShown, type PsdDocument, type PsdLayer } from '../../psd';
import { PspError } from '../../protocol/errors';
import type { Bounds } from '../../protocol/geometry';
import { isPatchName } from '../processor/patchName';

/** A layer that operations can read, or the picture of a document that has none (`layer` is `null`). */
export interface LayerTarget {
  readonly layer: PsdLayer | null;
  readonly name: string;
  readonly bounds: Bounds;
}

/** A document may have thousands, with names as long as a page. */
const mostNames = 20;
const longestName = 60;

function listed(names: readonly string[]): string {
  const short = (name: string): string =>
    name.length > longestName ? `${name.slice(0, longestName)}…` : name;
  const shown = names.slice(0, mostNames).map((name) => `"${short(name)}"`);
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ') || 'none';
}

/**
 * The layers that 'all', 'visible' or a name means, from the bottom to the top; only what has pixels
 * of its own. Earlier results are chosen by their names alone: an operation works on photographs, not on
 * what it made of them. A flattened document has its picture alone, whatever is chosen.
 * @throws PspError NOT_FOUND naming the layers there are
 */
export function chooseTargets(
  file: string,
  document: PsdDocument,
  choice: string,
): readonly LayerTarget[] {
  const { header, layers } = document;
  if (layers.length === 0) {
    const bounds = { left: 0, top: 0, right: header.width, bottom: header.height };
    return [{ layer: null, name: 'Background', bounds }];
  }
  const readable = layers.filter(
    ({ kind, bounds }) =>
      (kind === 'pixels' || kind === 'smart-object') &&
      boundsWidth(bounds) > 0 &&
      boundsHeight(bounds) > 0,
  );
  const chosen = readable.filter((layer) => {
    if (choice !== 'all' && choice !== 'visible') return layer.name === choice;
    return !isPatchName(layer.name) && (choice === 'all' || isShown(document, layer));
  });
  if (chosen.length === 0) {
    const names = listed([...new Set(readable.map(({ name }) => name))]);
    const wanted = {
      all: 'layer with pixels that is no earlier result',
      visible: 'visible layer with pixels that is no earlier result',
    }[choice];
    throw new PspError(
      'NOT_FOUND',
      wanted === undefined
        ? `${file} has no layer "${choice}" with pixels. It has ${names}.`
        : `${file} has no ${wanted}. Its layers with pixels: ${names}. Choose one by name.`,
    );
  }
  return chosen.map((layer) => ({ layer, name: layer.name, bounds: layer.bounds }));
}

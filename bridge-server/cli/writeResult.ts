import type { Raster } from '../../protocol/raster';
import { compositeLayer } from '../image/compositeLayer';
import { pictureColor } from '../image/pictureColor';
import type { Photograph } from '../image/readPhotograph';
import { resizeRaster } from '../image/resizeRaster';
import { encodePng } from '../image/writePng';
import { patchLayers } from '../documents/patchLayers';
import {
  writeFileAtomically,
  type OnDraft,
  type Target,
  type WrittenFile,
} from '../documents/writeFileAtomically';
import { writeLayeredDocument } from '../documents/writeLayeredDocument';
import { noteMadeLayers, type MadeLayer } from '../../psd';
import { PspError } from '../../protocol/errors';
import type { LayerPatch } from '../processor/job';

/** What scripts want to know of a layer: everything but its pixels. */
export function describePatch(
  patch: LayerPatch,
): Pick<
  LayerPatch,
  'name' | 'space' | 'bounds' | 'faceNumber' | 'variant' | 'seed' | 'model' | 'identity'
> {
  const { name, space, bounds, faceNumber, variant, seed, model, identity } = patch;
  return { name, space, bounds, faceNumber, variant, seed, model, identity };
}

/**
 * Writes the patches above the photograph as it is in its file, converted into its profile: one PSD with
 * all of them as layers, or a flattened PNG for each variant. Aligned faces are documents of their own.
 * @param targets one for each file, as `countResults` counts them
 * @param howMade what a file is to say of the patches that it shows
 */
export async function writeResult(
  targets: readonly Target[],
  photograph: Photograph,
  patches: readonly LayerPatch[],
  groupName: string,
  howMade: (patches: readonly LayerPatch[]) => readonly MadeLayer[],
  onDraft?: OnDraft,
): Promise<WrittenFile[]> {
  const { fromSrgb } = await pictureColor(photograph.profile);
  const own: LayerPatch[] = [];
  for (const patch of patches) own.push({ ...patch, pixels: await fromSrgb(patch.pixels) });
  const documents = documentsOf(photograph.pixels, own);
  const flat = targets.some(({ file }) => isFlat(file));
  const units = flat ? documents.flatMap(perVariant) : documents;
  if (units.length !== targets.length) {
    throw new PspError('INTERNAL', `${units.length} results have ${targets.length} names.`);
  }
  const written: WrittenFile[] = [];
  for (const [index, unit] of units.entries()) {
    const target = targets[index]!;
    const xmp = noteMadeLayers(photograph.metadata.xmp, howMade(unit.made));
    const described = { ...photograph, metadata: { ...photograph.metadata, xmp } };
    if (flat) {
      const png = await encodePng(await flatten(unit), described);
      written.push(await writeFileAtomically(target, (sink) => sink.write(png), onDraft));
    } else {
      const layers = patchLayers(unit.patches, groupName);
      const { base: pixels, factor } = unit;
      const picture = { ...described, pixels };
      written.push(await writeLayeredDocument(target, picture, layers, { factor, onDraft }));
    }
  }
  return written;
}

export const isFlat = (output: string): boolean => output.toLowerCase().endsWith('.png');

interface ResultDocument {
  readonly base: Raster;
  /** How many times larger the document is than its base. */
  readonly factor: number;
  /** Above it. */
  readonly patches: readonly LayerPatch[];
  /** All that it shows of what was made. */
  readonly made: readonly LayerPatch[];
}

/** Patches are counted in the source, in an enlarged copy, or are pictures of their own. */
function documentsOf(source: Raster, patches: readonly LayerPatch[]): readonly ResultDocument[] {
  const [first] = patches;
  if (!first) return [];
  switch (first.space.kind) {
    case 'document':
      return [{ base: source, factor: 1, patches, made: patches }];
    case 'enlarged':
      return [{ base: source, factor: first.space.factor, patches, made: patches }];
    case 'crop':
      return patches.map((patch) => {
        return { base: patch.pixels, factor: 1, patches: [], made: [patch] };
      });
  }
}

function perVariant(document: ResultDocument): ResultDocument[] {
  const { patches } = document;
  const variants = [...new Set(patches.map((patch) => patch.variant))];
  if (variants.length === 0) return [document];
  return variants.map((variant) => {
    const own = patches.filter((patch) => patch.variant === variant);
    return { ...document, patches: own, made: own };
  });
}

async function flatten({ base, factor, patches }: ResultDocument): Promise<Raster> {
  const picture: Raster =
    factor === 1
      ? { ...base, data: base.data.slice() }
      : await resizeRaster(base, base.width * factor, base.height * factor);
  for (const { pixels, mask, bounds } of patches) compositeLayer(picture, pixels, mask, bounds);
  return picture;
}

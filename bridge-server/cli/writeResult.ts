import { parse, join } from 'node:path';
import type { Raster } from '../../protocol/raster';
import { compositeLayer } from '../image/compositeLayer';
import { resizeRaster } from '../image/resizeRaster';
import { encodePng } from '../image/writePng';
import { patchLayers } from '../documents/patchLayers';
import { writeFileAtomically } from '../documents/writeFileAtomically';
import { writeLayeredDocument } from '../documents/writeLayeredDocument';
import type { LayerPatch } from '../operations/job';

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
 * Writes the patches above the source: one PSD with all of them as layers, or a flattened PNG for each
 * variant. Aligned faces are documents of their own.
 * @returns the files written
 */
export async function writeResult(
  output: string,
  source: Raster,
  patches: readonly LayerPatch[],
  groupName: string,
): Promise<string[]> {
  const documents = await documentsOf(source, patches);
  const flat = output.toLowerCase().endsWith('.png');
  const files: string[] = [];
  const units = flat ? documents.flatMap(perVariant) : documents;
  for (const [index, unit] of units.entries()) {
    const file = units.length === 1 ? output : numbered(output, index + 1);
    if (flat) {
      const png = await encodePng(flatten(unit));
      await writeFileAtomically(file, (sink) => sink.write(png));
    } else {
      await writeLayeredDocument(file, unit.base, patchLayers(unit.patches, groupName));
    }
    files.push(file);
  }
  return files;
}

interface ResultDocument {
  readonly base: Raster;
  readonly patches: readonly LayerPatch[];
}

/** Patches are counted in the source, in an enlarged copy, or are pictures of their own. */
async function documentsOf(
  source: Raster,
  patches: readonly LayerPatch[],
): Promise<ResultDocument[]> {
  const [first] = patches;
  if (!first) return [];
  switch (first.space.kind) {
    case 'document':
      return [{ base: source, patches }];
    case 'enlarged': {
      const { factor } = first.space;
      const base = await resizeRaster(source, source.width * factor, source.height * factor);
      return [{ base, patches }];
    }
    case 'crop':
      return patches.map((patch) => ({ base: patch.pixels, patches: [] }));
  }
}

function perVariant({ base, patches }: ResultDocument): ResultDocument[] {
  const variants = [...new Set(patches.map((patch) => patch.variant))];
  if (variants.length === 0) return [{ base, patches }];
  return variants.map((variant) => ({
    base,
    patches: patches.filter((patch) => patch.variant === variant),
  }));
}

function flatten({ base, patches }: ResultDocument): Raster {
  const picture: Raster = { ...base, data: base.data.slice() };
  for (const { pixels, mask, bounds } of patches) compositeLayer(picture, pixels, mask, bounds);
  return picture;
}

function numbered(file: string, number: number): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-${number}${ext}`);
}

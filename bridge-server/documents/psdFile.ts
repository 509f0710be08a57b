import {
  boundsHeight,
  boundsWidth,
  decodeLayer,
  decodePreview,
  decodeShrunk,
  insertLayers,
  readBytes,
  readStructure,
  requirePixels,
  type Insertion,
  type InsertionReport,
  type MadeLayer,
  type NewLayer,
  type PsdDocument,
} from '../../psd';
import { PspError } from '../../protocol/errors';
import type { Bounds } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import type { LayerPatch } from '../processor/job';
import { requireFile, unreadable } from '../fileErrors';
import { chooseTargets, type LayerTarget } from './chooseTargets';
import { documentColor } from './documentColor';
import { inflate, openFileSource } from './fileBytes';
import { isSameContent, type FileVersion } from './fileVersion';
import { patchLayers } from './patchLayers';
import { translatePsdErrors } from './translatePsdErrors';
import {
  writeFileAtomically,
  type OnDraft,
  type Target,
  type WrittenFile,
} from './writeFileAtomically';

/** What an operation made of one layer. */
export interface LayerResult {
  readonly target: LayerTarget;
  readonly patches: readonly LayerPatch[];
}

/** A PSD or PSB file on disk: its layers in sRGB, and new layers into a copy or into itself. */
export interface PsdFile {
  readonly document: PsdDocument;
  /** Of the file that was opened. */
  readonly version: FileVersion;
  /** 'all', 'visible', or a layer's name. @throws PspError NOT_FOUND naming the layers there are */
  targets(choice: string): readonly LayerTarget[];
  /** A copy of a layer with sides up to `maxSide`; `scale` is document pixels per pixel of it. */
  readShrunk(target: LayerTarget, maxSide: number): Promise<{ raster: Raster; scale: number }>;
  /** Part of a layer, in document pixels. */
  readRegion(target: LayerTarget, region: Bounds): Promise<Raster>;
  /**
   * Writes the document with the results above their layers.
   * @param made what it is to say of them
   * @returns what was done to the preview
   * @throws PspError DOCUMENT_CHANGED where another program wrote into the file while it was read
   */
  save(
    output: Target,
    results: readonly LayerResult[],
    groupName: string,
    made: readonly MadeLayer[],
    onDraft?: OnDraft,
  ): Promise<InsertionReport & WrittenFile>;
  close(): Promise<void>;
}

/** @throws PspError BAD_INPUT for what is no PSD, is damaged, or is in a mode that is not handled */
export async function openPsdFile(file: string): Promise<PsdFile> {
  await requireFile(file);
  const source = await openFileSource(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    return await translatePsdErrors(file, async () => {
      const document = await readStructure(source);
      const { header } = document;
      requirePixels(header);
      const icc = document.iccProfile;
      const profile = icc && (await readBytes(source, icc.offset, icc.length));
      const color = await documentColor(header.depth, header.colorMode, profile);
      return {
        document,
        version: source.version,
        targets: (choice) => chooseTargets(file, document, choice),
        readShrunk: (target, maxSide) =>
          translatePsdErrors(file, async () => {
            const shrunk = await decodeShrunk(source, document, target.layer, maxSide, { inflate });
            return { raster: await color.toRaster(shrunk), scale: shrunk.scale };
          }),
        readRegion: (target, region) =>
          translatePsdErrors(file, async () => {
            const options = { inflate, region };
            const { bounds, pixels } = target.layer
              ? await decodeLayer(source, document, target.layer, options)
              : await decodePreview(source, document, options);
            const size = { width: boundsWidth(bounds), height: boundsHeight(bounds) };
            return color.toRaster({ ...size, pixels });
          }),
        save: (output, results, groupName, made, onDraft) =>
          translatePsdErrors(file, async () => {
            const insertions: Insertion[] = [];
            for (const { target, patches } of results) {
              if (patches.length === 0) continue;
              const layers = await documentLayers(patchLayers(patches, groupName));
              insertions.push({ above: target.layer?.index ?? 'background', layers });
            }
            let report: InsertionReport | undefined;
            const fill = async (sink: Parameters<typeof insertLayers>[3]): Promise<void> => {
              report = await insertLayers(source, document, insertions, sink, made);
              if (isSameContent(await source.versionNow(), source.version)) return;
              throw new PspError(
                'DOCUMENT_CHANGED',
                `${file} was written by another program while it was read. Nothing was changed; run it again.`,
                { retryable: true },
              );
            };
            const written = await writeFileAtomically(output, fill, onDraft);
            return { ...report!, ...written };
          }),
        close: () => source.close(),
      };

      /** The patches come as sRGB rasters and go in the document's own profile and depth. */
      async function documentLayers(layers: readonly NewLayer[]): Promise<readonly NewLayer[]> {
        return Promise.all(
          layers.map(async (layer): Promise<NewLayer> => {
            if (layer.kind === 'group') {
              return { ...layer, layers: await documentLayers(layer.layers) };
            }
            const { bounds, pixels } = layer;
            if (pixels instanceof Float32Array) return layer;
            const size = { width: boundsWidth(bounds), height: boundsHeight(bounds) };
            return { ...layer, pixels: await color.toDocument({ ...size, data: pixels }) };
          }),
        );
      }
    });
  } catch (error) {
    await source.close();
    throw error;
  }
}

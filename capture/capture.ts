import { faceRegion, type Face, type FaceChoice } from '../protocol/face';
import type { Bounds } from '../protocol/geometry';
import type { Region } from '../protocol/job';
import type { OperationDeclaration } from '../protocol/operation';
import type { Mask, Raster } from '../protocol/raster';
import { chooseFaces, type ChosenFace } from './chooseFaces';
import type { ParameterValues } from '../protocol/parameter';
import { usesSelection } from '../protocol/placing';
import { touchedBySelection, withHoles, type HoleSource } from './holes';

/** What an order says about where it works. */
export interface CaptureOrder {
  readonly operation: Pick<OperationDeclaration, 'input' | 'mask'> & {
    readonly parameters: readonly { readonly name: string }[];
  };
  readonly parameters: ParameterValues;
  readonly faces: FaceChoice;
  readonly hole: HoleSource;
  /** True looks for no face: the whole layer is the input. */
  readonly wholeLayer?: boolean;
}

/** One layer or picture to read from. */
export interface CaptureSource {
  /** For messages: `the layer "Portrait"`. */
  readonly where: string;
  /** Where it has pixels, in the document's. */
  readonly bounds: Bounds;
  /** In the document's pixels, largest first. */
  findFaces(): Promise<readonly Face[]>;
  /** At full resolution. */
  readPixels(bounds: Bounds): Promise<Raster>;
  /** 255 where selected, the size of `bounds`; `null` when nothing is selected anywhere. */
  readSelection(bounds: Bounds): Promise<Mask | null>;
}

/**
 * What a job sees of a layer, decided here for every host: the rectangles of the chosen faces, or the
 * whole layer. GIMP's plug-in does the same by itself and is held to it by test/capture/cases.json.
 * @throws PspError BAD_INPUT, NO_FACE, FACE_TOO_SMALL, FACE_TURNED_AWAY
 */
export const capture = async (
  source: CaptureSource,
  order: CaptureOrder,
): Promise<readonly Region[]> => readPlaces(source, order, await choosePlaces(source, order));

/** The faces that are worked on; `null` means the whole layer. */
export async function choosePlaces(
  source: Pick<CaptureSource, 'where' | 'findFaces'>,
  { operation, faces, wholeLayer }: CaptureOrder,
): Promise<readonly ChosenFace[] | null> {
  const { input } = operation;
  if (input === 'sketch' || input === 'label-map' || wholeLayer) return null;
  const found = await source.findFaces();
  // Domains without human faces (cats, paintings) are shown the whole layer.
  if (input === 'face-or-layer' && found.length === 0) return null;
  return chooseFaces(found, faces, source.where);
}

/**
 * Reads what was chosen, at full resolution; faces without anything to fill, or without a part of the
 * selection that a result keeps to, are left out.
 */
export async function readPlaces(
  source: Omit<CaptureSource, 'findFaces'>,
  { operation, parameters, hole }: CaptureOrder,
  faces: readonly ChosenFace[] | null,
): Promise<readonly Region[]> {
  const fills = operation.mask === 'required';
  // Also where it is ignored: a result placed again may keep to it.
  const readsSelection = fills ? hole === 'selection' : usesSelection(operation);
  const regions: Region[] = [];
  for (const chosen of faces ?? [null]) {
    const bounds = chosen ? faceRegion(chosen.face, source.bounds) : source.bounds;
    regions.push({
      bounds,
      pixels: await source.readPixels(bounds),
      face: chosen?.face ?? null,
      faceNumber: chosen?.faceNumber ?? null,
      hole: readsSelection ? await source.readSelection(bounds) : null,
      latents: null,
    });
  }
  if (fills) return withHoles(regions, hole);
  const isLimited = usesSelection(operation) && parameters['selection'] === 'only';
  return isLimited ? touchedBySelection(regions, 'that may change') : regions;
}

import {
  createDocument,
  insertLayers,
  isPsdError,
  noteMadeLayers,
  readStructure,
  type ByteSink,
  type Insertion,
  type MadeLayer,
  type NewLayer,
  type NewMetadata,
} from '../../../../psd';
import { PspError } from '../../../../protocol/errors';
import { walkLayers, type GroupLayer, type Layer, type LayerMask } from '../document/layer';
import { blobSource } from './blobSource';
import { toSamples } from './samples';

/** What is saved: a document's layers, and the file it was read from. */
export interface SavedDocument {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly layers: readonly Layer[];
  /** The PSD or PSB that was opened: new layers are inserted into it, all else stays as it is. */
  readonly psd: Blob | null;
  /** ICC, of the new pixels; `null`: of sRGB. */
  readonly profile: Uint8Array | null;
  readonly metadata: NewMetadata | null;
  /** Whether it is said in the file's XMP how its layers were made here. */
  readonly notesLayers: boolean;
}

/** Beyond these a PSD file cannot be: it becomes a PSB. */
const maxPsdSide = 30000;
const maxPsdBytes = 2 ** 31 - 1;

/** Runs in the worker. @throws PspError OUTPUT_FAILED */
export async function savePsd(saved: SavedDocument): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const sink: ByteSink = {
    write: async (bytes) => void chunks.push(bytes.slice()),
  };
  try {
    if (saved.psd) await insertInto(saved.psd, saved, sink);
    else await create(saved, sink);
  } catch (error) {
    if (!isPsdError(error)) throw error;
    throw new PspError('OUTPUT_FAILED', `The file was not saved: ${error.message}`, {
      cause: error,
    });
  }
  return new Blob(chunks, { type: 'image/vnd.adobe.photoshop' });
}

async function create(saved: SavedDocument, sink: ByteSink): Promise<void> {
  const { width, height, depth, layers, profile } = saved;
  const xmp = noteMadeLayers(saved.metadata?.xmp ?? null, madeLayers(saved));
  const metadata = { ...saved.metadata, xmp };
  const raw = (all: readonly Layer[]): number =>
    all.reduce(
      (sum, layer) =>
        sum + (layer.kind === 'group' ? raw(layer.children) : layer.pixels.data.byteLength),
      0,
    );
  const large = Math.max(width, height) > maxPsdSide || raw(layers) > maxPsdBytes;
  const described = { ...(profile && { iccProfile: profile }), metadata };
  const given = { width, height, depth, large, ...described };
  await createDocument(
    { ...given, layers: layers.map((layer) => asNew(layer, depth, false)) },
    sink,
  );
}

async function insertInto(psd: Blob, saved: SavedDocument, sink: ByteSink): Promise<void> {
  const { layers, profile } = saved;
  const source = blobSource(psd);
  const file = await readStructure(source);
  const { depth, colorMode } = file.header;
  const kept = depth === 1 ? 8 : depth;
  const insertions = insertionsOf(layers, file.layers.length === 0, (layer) =>
    asNew(layer, kept, colorMode === 'greyscale', profile !== null),
  );
  await insertLayers(source, file, insertions, sink, madeLayers(saved));
}

/** Those of the document that were made here, as the file's note tells of them. */
function madeLayers({ layers, notesLayers }: SavedDocument): readonly MadeLayer[] {
  if (!notesLayers) return [];
  return [...walkLayers(layers)].flatMap(({ layer }) =>
    layer.kind === 'pixel' && layer.madeWith ? [{ name: layer.name, ...layer.madeWith }] : [],
  );
}

/** New layers above the layer of the file that lies next below them, level by level. */
export function insertionsOf(
  layers: readonly Layer[],
  isFlat: boolean,
  convert: (layer: Layer) => NewLayer,
): readonly Insertion[] {
  const insertions: Insertion[] = [];
  let below: number | null = null;
  let pending: NewLayer[] = [];
  const flush = () => {
    if (pending.length > 0 && below !== null) {
      insertions.push({ above: isFlat ? 'background' : below, layers: pending });
    }
    pending = [];
  };
  for (const layer of layers) {
    if (layer.fileIndex === null) {
      pending.push(convert(layer));
      continue;
    }
    flush();
    below = layer.fileIndex;
    if (layer.kind === 'group') insertions.push(...insertionsOf(layer.children, false, convert));
  }
  flush();
  return insertions;
}

function asNew(layer: Layer, depth: 8 | 16 | 32, isGrey: boolean, profiled = false): NewLayer {
  const { name, opacity, visible, mask } = layer;
  const shared = { name, opacity, visible, ...(mask ? { mask: asNewMask(mask) } : {}) };
  if (layer.kind === 'group') return { ...shared, kind: 'group', layers: members(layer) };
  const { bounds, pixels } = layer;
  return { ...shared, kind: 'pixels', bounds, pixels: toSamples(pixels, depth, isGrey, profiled) };

  function members({ children }: GroupLayer): readonly NewLayer[] {
    return children.map((child) => asNew(child, depth, isGrey, profiled));
  }
}

const asNewMask = ({ bounds, mask, outside }: LayerMask) => ({
  bounds,
  pixels: mask.data,
  defaultColor: outside,
});

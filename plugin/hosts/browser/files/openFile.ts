import { isPspError, PspError } from '../../../../protocol/errors';
import { rasterDepth } from '../../../../protocol/raster';
import { saysSrgb } from '../../../../protocol/srgb';
import { LayeredDocument } from '../document/layeredDocument';
import { pixelLayer } from '../document/newLayers';
import type { Calls } from '../worker/calls';
import type { OpenedFile } from './openedFile';
import { isPsd } from './openPsd';
import { convertRaster, layersInProfile, layersInSrgb, type FileBridge } from './profiles';

export interface FileParts {
  readonly worker: Calls;
  readonly bridge: FileBridge;
  /** Whether saved files say how their layers were made here. */
  readonly notesLayers: () => boolean;
}

/** A file as a document of its own, its first usable layer selected. @throws PspError */
export async function openFile(
  parts: FileParts,
  blob: Blob,
  name: string,
): Promise<LayeredDocument> {
  const psd = await isPsd(blob);
  const { selectedId, ...file } = psd
    ? await openLayered(parts, blob, name)
    : await openPicture(parts, blob, name);
  const document = new LayeredDocument({ ...file, name, psd: psd ? { name, blob } : null });
  document.selectedIds.set(selectedId === null ? [] : [selectedId]);
  return document;
}

/** What a document is saved as: results in its profile, the layers that its file had as they were. */
export async function savedFile(
  { worker, bridge, notesLayers }: FileParts,
  document: LayeredDocument,
): Promise<Blob> {
  const { width, height, depth, psd, profile, metadata } = document.init;
  const { layers } = document.state.value;
  const converts = profile !== null && !saysSrgb(profile);
  if (converts && !(await isReady(bridge))) {
    throw new PspError(
      'OUTPUT_FAILED',
      `The bridge converts colours into the profile of "${document.init.name}", and is away. Save again when it is connected.`,
      { retryable: true },
    );
  }
  const own = converts ? await layersInProfile(bridge, layers, profile) : layers;
  const given = { width, height, depth, layers: own, psd: psd?.blob ?? null };
  return worker.savePsd({ ...given, profile, metadata, notesLayers: notesLayers() });
}

async function openLayered(
  { worker, bridge }: FileParts,
  blob: Blob,
  name: string,
): Promise<OpenedFile> {
  const file = await worker.openPsd({ blob, name });
  if (!file.profile) return file;
  if (await isReady(bridge)) {
    return { ...file, layers: await layersInSrgb(bridge, file.layers, file.profile) };
  }
  // The numbers go in and out as they are.
  return { ...file, profile: null, remarks: [...file.remarks, 'taken-as-srgb'] };
}

/** By the bridge, which reads more than browsers do and keeps what they leave out. */
async function openPicture(
  { worker, bridge }: FileParts,
  blob: Blob,
  name: string,
): Promise<OpenedFile> {
  if (!(await isReady(bridge))) {
    const file = await worker.openPicture({ blob, name });
    return { ...file, remarks: ['bridge-away'] };
  }
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (bytes.length === 0) throw new PspError('BAD_INPUT', `"${name}" is empty. Open another file.`);
  try {
    const { pixels: own, profile, metadata } = await bridge.openPicture(`"${name}"`, bytes);
    const { width, height } = own;
    const isSrgb = saysSrgb(profile);
    const shown = isSrgb ? own : await convertRaster(bridge, own, profile, 'srgb');
    const layer = pixelLayer({
      name: name.replace(/\.[^.]*$/, ''),
      bounds: { left: 0, top: 0, right: width, bottom: height },
      pixels: shown,
      own: isSrgb ? null : own,
    });
    const about = { depth: rasterDepth(own), profile, metadata, remarks: [] };
    return { width, height, ...about, layers: [layer], selectedId: layer.id };
  } catch (error) {
    if (!isPspError(error) || error.code !== 'BAD_INPUT') throw error;
    // Safari reads HEIC, for one, and every browser JPEGs in CMYK.
    const file = await worker.openPicture({ blob, name }).catch(() => {
      throw error;
    });
    return { ...file, remarks: ['read-by-browser'] };
  }
}

/** Once a connection that is being made is made, or not. */
function isReady({ state }: FileBridge): Promise<boolean> {
  if (state.value.kind !== 'connecting') return Promise.resolve(state.value.kind === 'ready');
  return new Promise((resolve) => {
    const stop = state.subscribe(({ kind }) => {
      if (kind === 'connecting') return;
      stop();
      resolve(kind === 'ready');
    });
  });
}

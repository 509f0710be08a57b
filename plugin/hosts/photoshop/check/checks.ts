import { play, openSilently, selectRectangle } from '../batchPlay';
import { activeDocument, requireLayer } from '../document/lookUp';
import { oneStep } from '../document/undoStep';
import { jpegDataUrl } from '../pictureUrl';
import type { ApiName } from './apiNames';
import {
  commitOf,
  largestDifference,
  maskOf,
  must,
  place,
  requireMask,
  sampleLayer,
  scratchDocument,
  scratchSize,
  type Bench,
} from './bench';

/** One thing that the plug-in relies on, tried on scratch documents. */
export interface Check {
  readonly name: string;
  readonly proves: readonly ApiName[];
  /** @returns what was seen @throws what was seen where it is not what the plug-in needs */
  run(bench: Bench): Promise<string>;
}

const count = (items: ArrayLike<unknown>): number => items.length;

export const checks = [
  {
    name: 'A new document, and what it says of itself',
    proves: [
      'core.executeAsModal',
      'app.createDocument',
      'app.documents',
      'app.activeDocument',
      'document.id',
      'document.title',
      'document.mode',
      'document.bitsPerChannel',
      'document.width',
      'document.height',
      'document.resolution',
      'document.layers',
      'document.activeLayers',
    ],
    async run(bench) {
      const { app, constants } = bench.api;
      const { document } = await scratchDocument(bench);
      must(app.activeDocument?.id === document.id, 'it is not in front');
      must(
        Array.from(app.documents).some(({ id }) => id === document.id),
        'it is not among the documents',
      );
      const { title, mode, bitsPerChannel, width, height, resolution } = document;
      must(mode === constants.DocumentMode.RGB, `its mode is ${mode}`);
      must(bitsPerChannel === constants.BitsPerChannelType.EIGHT, `its depth is ${bitsPerChannel}`);
      must(width === scratchSize.width && height === scratchSize.height, `${width} × ${height}`);
      must(resolution === 72, `its resolution is ${resolution}`);
      must(count(document.layers) === 1 && count(document.activeLayers) === 1, 'it has no layer');
      return `"${title}", ${width} × ${height}, ${mode}, ${bitsPerChannel}`;
    },
  },
  {
    name: 'A result directly above its layer, with mask and straight alpha',
    proves: [
      'document.createPixelLayer',
      'document.activeHistoryState',
      'layer.id',
      'layer.name',
      'layer.kind',
      'layer.allLocked',
      'layer.isBackgroundLayer',
      'layer.boundsNoEffects',
      'layer.parent',
      'layer.move',
      'imaging.createImageDataFromBuffer',
      'imaging.putPixels',
      'imaging.putLayerMask',
      'imaging.getLayerMask',
      'imaging.getPixels',
      'imageData.getData',
      'imageData.dispose',
      'imageData.components',
      'imageData.componentSize',
      'action.batchPlay',
      'hostControl.suspendHistory',
      'hostControl.resumeHistory',
      'context.hostControl',
    ],
    async run(bench) {
      const { document, target } = await scratchDocument(bench);
      const before = document.activeHistoryState.id;
      const layer = sampleLayer('Result');
      const [made] = await bench.host.commitLayers(target, commitOf([layer]));
      must(document.activeHistoryState.id !== before, 'no history state was made');
      const [top, source] = Array.from(document.layers);
      must(String(top?.id) === made?.layerId && top?.name === 'Result', 'it is not on top');
      must(String(source?.id) === target.layerId, 'the source is not directly below');
      must(top.kind === 'pixel' && !top.allLocked && !top.isBackgroundLayer, `a ${top.kind} layer`);
      must(!top.parent, 'it lies in a group');
      const [selected] = Array.from(document.activeLayers, ({ id }) => String(id));
      must(selected === target.layerId, 'the source is not the selected layer any more');
      const [written] = await bench.host.listTargets('selected-layers');
      const read = await bench.host.readRegion({ ...written!, ...made }, place);
      const difference = largestDifference(layer.pixels, read);
      must(difference <= 2, `pixels come back ${difference} steps of 255 away`);
      requireMask(await maskOf(bench, document.id, top.id));
      return `pixels come back within ${difference} of 255, the mask as it was written`;
    },
  },
  {
    name: 'Several results in a group: replaced, hidden, shown, removed',
    proves: [
      'document.createLayerGroup',
      'layer.layers',
      'layer.opacity',
      'layer.visible',
      'layer.delete',
    ],
    async run(bench) {
      const { document, target } = await scratchDocument(bench);
      const { host } = bench;
      const made = await host.commitLayers(
        target,
        commitOf([sampleLayer('One'), { ...sampleLayer('Two'), visible: false }]),
      );
      const [group] = Array.from(document.layers);
      must(count(group?.layers ?? []) === 2, 'there is no group of two');
      const layerOf = (index: number) => requireLayer(bench.api, made[index]!).layer;
      must(layerOf(0).visible && !layerOf(1).visible, 'not only the first is shown');
      await host.replaceLayer(made[0]!, 'Check', { ...sampleLayer('Replaced'), opacity: 0.5 });
      must(layerOf(0).name === 'Replaced', 'it was not renamed');
      must(Math.round(layerOf(0).opacity) === 50, `its opacity is ${layerOf(0).opacity}`);
      await host.setOpacity(made[0]!, 0.25);
      must(Math.round(layerOf(0).opacity) === 25, `its opacity is ${layerOf(0).opacity}`);
      await host.changeLayers('Check', { hide: [made[0]!], show: [made[1]!] });
      must(!layerOf(0).visible && layerOf(1).visible, 'hiding and showing did nothing');
      await host.changeLayers('Check', { remove: made });
      must(count(document.layers) === 1, 'the group is still there');
      return 'all of it';
    },
  },
  {
    name: 'A result in a clipping stack',
    proves: ['layer.isClippingMask'],
    async run(bench) {
      const { document, target } = await scratchDocument(bench);
      await bench.host.commitLayers(target, commitOf([sampleLayer('Clipped')]));
      const clipped = Array.from(document.layers)[0]!;
      await oneStep(bench.context, document, 'Check', async () => {
        clipped.isClippingMask = true;
      });
      await bench.host.commitLayers(target, commitOf([sampleLayer('Between')]));
      const [top, between] = Array.from(document.layers);
      must(between?.name === 'Between' && between.isClippingMask, 'it does not join the stack');
      must(top?.isClippingMask === true, 'the layer above has lost its base');
      return 'it joins the stack';
    },
  },
  {
    name: '16 bits per channel',
    proves: [],
    async run(bench) {
      const { document, target } = await scratchDocument(bench, 16);
      const layer = sampleLayer('Deep', 16);
      const [made] = await bench.host.commitLayers(target, commitOf([layer]));
      const read = await bench.host.readRegion({ ...target, ...made, bounds: place }, place);
      const difference = largestDifference(layer.pixels, read);
      must(difference <= 0.1, `pixels come back ${difference} steps of 255 away`);
      requireMask(await maskOf(bench, document.id, Number(made!.layerId)));
      return `pixels come back within ${difference.toFixed(3)} of 255, the mask as it was written`;
    },
  },
  {
    name: 'A selection is read, and does not cut what is written',
    proves: ['document.selection', 'imaging.getSelection'],
    async run(bench) {
      const { document, target } = await scratchDocument(bench);
      const selected = { left: 12, top: 8, right: 18, bottom: 14 };
      await play(bench.api, [selectRectangle(selected)]);
      const bounds = document.selection.bounds;
      must(bounds?.left === 12 && bounds.bottom === 14, `its bounds are ${JSON.stringify(bounds)}`);
      const mask = await bench.host.readSelectionMask(target, place);
      const amount = mask?.data.reduce((sum, value) => sum + value, 0);
      must(amount === 36 * 255, `it was read as ${amount} of ${36 * 255}`);
      const layer = sampleLayer('Uncut');
      const [made] = await bench.host.commitLayers(target, commitOf([layer]));
      const read = await bench.host.readRegion({ ...target, ...made, bounds: place }, place);
      must(largestDifference(layer.pixels, read) <= 2, 'pixels are cut by it');
      requireMask(await maskOf(bench, document.id, Number(made!.layerId)));
      return 'read exactly; pixels and mask are whole';
    },
  },
  {
    name: 'Parts are selected, instead of what was',
    proves: ['imaging.putSelection'],
    async run(bench) {
      const { document, target } = await scratchDocument(bench);
      await play(bench.api, [selectRectangle({ left: 0, top: 0, right: 2, bottom: 2 })]);
      const before = document.activeHistoryState.id;
      must(bench.host.select !== undefined, 'there is no putSelection');
      const [width, height] = [4, 3];
      const mask = { width, height, data: new Uint8Array(width * height).fill(255) };
      mask.data[0] = 128;
      const bounds = { left: 10, top: 9, right: 10 + width, bottom: 9 + height };
      await bench.host.select(target, 'Check', [{ bounds, mask }]);
      must(document.activeHistoryState.id !== before, 'no history state was made');
      const read = await bench.host.readSelectionMask(target, place);
      const sum = read?.data.reduce((total, value) => total + value, 0) ?? 0;
      must(Math.abs(sum - 11 * 255 - 128) <= 4, `it was read as ${sum} of ${11 * 255 + 128}`);
      return 'read as it was written, soft edge and all';
    },
  },
  {
    name: 'An enlarged copy, and a document of the result alone',
    proves: ['document.duplicate', 'document.resizeImage'],
    async run(bench) {
      const { document, target } = await scratchDocument(bench);
      const layer = sampleLayer('Result');
      await bench.host.commitLayers(target, commitOf([layer], { kind: 'enlarged', factor: 2 }));
      const copy = activeDocument(bench.api);
      must(copy?.id !== document.id, 'no copy came to the front');
      must(copy?.width === scratchSize.width * 2, `it is ${copy?.width} wide`);
      must(count(copy.layers) === 2, `it has ${count(copy.layers)} layers`);
      const alone = { ...layer, bounds: { left: 0, top: 0, right: 16, bottom: 16 } };
      await bench.host.commitLayers(target, commitOf([alone], { kind: 'crop' }));
      const picture = activeDocument(bench.api);
      must(picture?.width === 16 && picture.height === 16, `it is ${picture?.width} wide`);
      must(count(picture.layers) === 1, `it has ${count(picture.layers)} layers`);
      return `${copy.width} × ${copy.height} and ${picture.width} × ${picture.height}`;
    },
  },
  {
    name: 'What fails leaves nothing behind',
    proves: [],
    async run(bench) {
      const { document } = await scratchDocument(bench);
      const failing = oneStep(bench.context, document, 'Check', async () => {
        await document.createPixelLayer({ name: 'Never' });
        throw new Error('on purpose');
      });
      const reason = await failing.catch((error: unknown) => (error as Error).message);
      must(reason === 'on purpose', `it failed otherwise: ${String(reason)}`);
      must(count(document.layers) === 1, 'the layer is still there');
      return 'rolled back';
    },
  },
  {
    name: 'A small preview, and a picture for the panel',
    proves: [
      'imaging.encodeImageData',
      'imageData.width',
      'imageData.height',
      'imageData.colorSpace',
      'imageData.colorProfile',
      'imageData.hasAlpha',
    ],
    async run(bench) {
      const { target } = await scratchDocument(bench);
      const layer = sampleLayer('Result');
      const [made] = await bench.host.commitLayers(target, commitOf([layer]));
      const handle = { ...target, ...made, bounds: place };
      const { pixels, bounds } = await bench.host.readPreview(handle, 8);
      must(pixels.width <= 8 && pixels.height <= 8, `it is ${pixels.width} wide`);
      must(bounds.left === place.left && bounds.right === place.right, JSON.stringify(bounds));
      const { imageData } = await bench.api.imaging.getPixels({
        documentID: Number(target.documentId),
        layerID: Number(made!.layerId),
      });
      const { width, height, colorSpace, colorProfile, hasAlpha } = imageData;
      imageData.dispose();
      must(width === 16 && height === 16 && colorSpace === 'RGB' && hasAlpha, colorSpace);
      const url = await jpegDataUrl(bench.api.imaging, layer.pixels);
      must(url.startsWith('data:image/jpeg;base64,/9j/'), `no JPEG: ${url.slice(0, 40)}`);
      return `${pixels.width} × ${pixels.height}; ${colorProfile}; a JPEG`;
    },
  },
  {
    name: 'Files: written, saved as PSD, opened without a question, closed',
    proves: [
      'localFileSystem.getTemporaryFolder',
      'localFileSystem.createSessionToken',
      'folder.createFile',
      'folder.createFolder',
      'folder.getEntries',
      'folder.getEntry',
      'file.isFile',
      'file.isFolder',
      'file.name',
      'file.nativePath',
      'file.getMetadata',
      'file.delete',
      'file.read',
      'file.write',
      'document.saveAs',
      'document.closeWithoutSaving',
    ],
    async run(bench) {
      const { api, storage } = bench;
      const { document, target } = await scratchDocument(bench);
      await bench.host.commitLayers(target, commitOf([sampleLayer('Saved')]));
      const temporary = await storage.localFileSystem.getTemporaryFolder();
      const folderName = 'pSp Layers check';
      const there = (await temporary.getEntries()).some(({ name }) => name === folderName);
      if (!there) await temporary.createFolder(folderName);
      must((await temporary.getEntry(folderName)).isFolder, 'a new folder is none');
      const file = await temporary.createFile('psp-layers-check.bin', { overwrite: true });
      await file.write(Uint8Array.of(1, 2, 3).buffer, { format: storage.formats.binary });
      const bytes = new Uint8Array(await file.read({ format: storage.formats.binary }));
      must(bytes.join() === '1,2,3', `a file reads ${bytes.join()}`);
      await file.delete();
      const psd = await temporary.createFile('psp-layers-check.psd', { overwrite: true });
      must(psd.isFile, 'a new file is none');
      try {
        await document.saveAs.psd(psd, {}, true);
        const { size } = await psd.getMetadata();
        must(size > 0, 'the saved file is empty');
        await play(api, [openSilently(storage.localFileSystem.createSessionToken(psd))]);
        const opened = activeDocument(api);
        must(opened !== null && opened.id !== document.id, 'it did not open');
        must(count(opened.layers) === 2, `it opened with ${count(opened.layers)} layers`);
        await opened.closeWithoutSaving();
        return `${psd.name}, ${size} bytes, in ${psd.nativePath}`;
      } finally {
        await psd.delete();
      }
    },
  },
  {
    name: 'Events, recorded steps, progress and Cancel',
    proves: [
      'action.addNotificationListener',
      'action.removeNotificationListener',
      'action.recordAction',
      'context.reportProgress',
      'context.isCancelled',
      'context.onCancel',
    ],
    async run({ api, context, host }) {
      host.onChange(() => undefined)();
      // Called, it would add a step to an action that is being recorded right now.
      must(typeof api.action.recordAction === 'function', 'there is no recordAction (25.0)');
      context.reportProgress({ value: 0.5, commandName: 'Check' });
      context.onCancel = () => undefined;
      context.onCancel = undefined;
      must(!context.isCancelled, 'the check was cancelled');
      return 'there';
    },
  },
  {
    name: 'What is kept: the token in the key chain, the settings',
    proves: ['secureStorage.getItem', 'secureStorage.setItem'],
    async run({ storage, localStorage }) {
      const key = 'psp-layers/check';
      await storage.secureStorage.setItem(key, 'kept');
      const bytes = await storage.secureStorage.getItem(key);
      const kept = String.fromCharCode(...(bytes ?? []));
      must(kept === 'kept', `the key chain answers "${kept}"`);
      localStorage.setItem(key, 'kept');
      must(localStorage.getItem(key) === 'kept', 'settings are not kept');
      return 'kept';
    },
  },
] as const satisfies readonly Check[];

/** What the checks try; a test holds it to be all that is declared. */
export type ProvenName = (typeof checks)[number]['proves'][number];

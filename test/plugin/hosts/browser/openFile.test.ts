import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { writePsdBuffer } from 'ag-psd';
import { Observable } from '../../../../plugin/core/observable';
import { walkLayers } from '../../../../plugin/hosts/browser/document/layer';
import {
  openFile,
  savedFile,
  type FileParts,
} from '../../../../plugin/hosts/browser/files/openFile';
import { openPsd } from '../../../../plugin/hosts/browser/files/openPsd';
import { savePsd } from '../../../../plugin/hosts/browser/files/savePsd';
import type { LayeredDocument } from '../../../../plugin/hosts/browser/document/layeredDocument';
import type { Calls } from '../../../../plugin/hosts/browser/worker/calls';
import { readWithAgPsd } from '../../../support/agPsd';
import { createBrowserHarness } from '../../../support/browserHarness';
import { connectClient, startTestServer, stopAll } from '../../../support/bridgeServer';
import { withFolder } from '../../../support/models';
import { inDisplayP3, photograph, records } from '../../../support/photograph';

/* The page's files through the real bridge: what is saved is in the document's own profile. */

afterAll(stopAll);

/** The worker's calls, here; only a browser has its own reader of pictures. */
const worker = {
  openPsd: ({ blob, name }) => openPsd(blob, name),
  openPicture: () => Promise.reject(new Error('asked the browser')),
  savePsd,
} as Partial<Calls> as Calls;

const withBridge = async (): Promise<FileParts> => ({
  worker,
  bridge: await connectClient(await startTestServer()),
  notesLayers: () => true,
});

/** One pixel of sRGB 192, 32, 64 at (1, 1), as a result is committed. */
async function addResult(document: LayeredDocument): Promise<void> {
  const { host, workspace } = createBrowserHarness();
  workspace.open(document);
  const [target] = await host.listTargets('selected-layers');
  const bounds = { left: 1, top: 1, right: 2, bottom: 2 };
  await host.commitLayers(target!, {
    commandName: 'Run',
    groupName: 'Group',
    space: { kind: 'document' },
    layers: [
      {
        name: 'Result',
        bounds,
        opacity: 1,
        visible: true,
        pixels: { width: 1, height: 1, data: Uint8Array.of(192, 32, 64, 255) },
        mask: { width: 1, height: 1, data: Uint8Array.of(255) },
      },
    ],
  });
}

const bytesOf = async (blob: Blob): Promise<Buffer> => Buffer.from(await blob.arrayBuffer());

function expectColour(found: ArrayLike<number>, wanted: readonly number[]): void {
  wanted.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(2));
}

test('a photograph in Display P3 keeps its numbers, profile, resolution and metadata in the PSD', () =>
  withFolder(async (folder) => {
    const parts = await withBridge();
    const file = await photograph(folder);
    const document = await openFile(parts, new Blob([await readFile(file)]), 'photograph.jpg');
    await addResult(document);
    const bytes = await bytesOf(await savedFile(parts, document));
    const psd = readWithAgPsd(bytes);
    const [source, result] = psd.children!;
    const stored = sharp(file, { ignoreIcc: true }).autoOrient().ensureAlpha().raw();
    expect(Buffer.from(source!.imageData!.data)).toEqual(await stored.toBuffer());
    expectColour(result!.imageData!.data, inDisplayP3);
    expect(bytes.includes((await sharp(file).metadata()).icc!)).toBe(true);
    expect(bytes.includes(records)).toBe(true);
    expect(psd.imageResources).toMatchObject({
      copyrighted: true,
      resolutionInfo: { horizontalResolution: 300, verticalResolution: 300 },
    });
    expect(psd.imageResources?.xmpMetadata).toContain('<dc:rights>(c) Ana</dc:rights>');
  }));

test('it is shown, and worked on, in sRGB', async () => {
  const parts = await withBridge();
  const pixel = { width: 1, height: 1, channels: 3, background: '#b13243' } as const;
  const png = await sharp({ create: pixel }).withIccProfile('p3').png().toBuffer();
  // sharp converts the colour into the profile; what it stored is read without it.
  const [red] = await sharp(png, { ignoreIcc: true }).raw().toBuffer();
  const document = await openFile(parts, new Blob([png]), 'p3.png');
  const [layer] = document.state.value.layers;
  if (layer?.kind !== 'pixel') throw new Error('no layer');
  expect(layer.own?.data[0]).toBe(red);
  expectColour(layer.pixels.data, [0xb1, 0x32, 0x43]);
});

test('16 bit stay 16 bit', async () => {
  const parts = await withBridge();
  const pixel = { width: 2, height: 2, channels: 3, background: '#b13243' } as const;
  const png = await sharp({ create: pixel }).toColourspace('rgb16').png().toBuffer();
  const document = await openFile(parts, new Blob([png]), 'deep.png');
  expect(document.init.depth).toBe(16);
});

test('a PSD in Display P3 is shown right, and its new layers are in its profile', () =>
  withFolder(async (folder) => {
    const parts = await withBridge();
    const photo = await openFile(
      parts,
      new Blob([await readFile(await photograph(folder))]),
      'photograph.jpg',
    );
    const original = await savedFile(parts, photo);
    const document = await openFile(parts, original, 'photograph.psd');
    expect(document.init.remarks).toEqual([]);
    const [source] = [...walkLayers(document.state.value.layers)].map(({ layer }) => layer);
    const [shown] = photo.state.value.layers;
    if (source?.kind !== 'pixel' || shown?.kind !== 'pixel') throw new Error('no layer');
    expect([...source.pixels.data]).toEqual([...shown.pixels.data]);
    await addResult(document);
    const [kept, result] = readWithAgPsd(await bytesOf(await savedFile(parts, document))).children!;
    const before = readWithAgPsd(await bytesOf(original)).children!;
    expect(kept!.imageData!.data).toEqual(before[0]!.imageData!.data);
    expectColour(result!.imageData!.data, inDisplayP3);
  }));

test('while the bridge is away a PSD opens all the same, and says how it is shown', async () => {
  const parts = await withBridge();
  const pixel = { width: 4, height: 4, channels: 3, background: '#b13243' } as const;
  const png = await sharp({ create: pixel }).withIccProfile('p3').png().toBuffer();
  const psd = await savedFile(parts, await openFile(parts, new Blob([png]), 'p3.png'));
  const away = {
    ...parts,
    bridge: { ...parts.bridge, state: new Observable({ kind: 'not-running' } as const) },
  } as unknown as FileParts;
  const document = await openFile(away, psd, 'p3.psd');
  expect(document.init.remarks).toEqual(['taken-as-srgb']);
  await addResult(document);
  const [, result] = readWithAgPsd(await bytesOf(await savedFile(away, document))).children!;
  // Numbers go in and out as they are.
  expectColour(result!.imageData!.data, [192, 32, 64]);
});

test('what the browser reads instead of the bridge says so', async () => {
  const parts = await withBridge();
  const cmyk = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#b13243' } })
    .toColourspace('cmyk')
    .jpeg()
    .toBuffer();
  const read = {
    width: 4,
    height: 4,
    depth: 8,
    layers: [],
    selectedId: null,
    remarks: [],
  } as const;
  const openPicture = async () => ({ ...read, profile: null, metadata: null });
  const browser = { ...parts, worker: { ...parts.worker, openPicture } };
  const document = await openFile(browser, new Blob([cmyk]), 'cmyk.jpg');
  expect(document.init.remarks).toEqual(['read-by-browser']);
});

test('what needs the bridge is not saved without it', async () => {
  const parts = await withBridge();
  const pixel = { width: 4, height: 4, channels: 3, background: '#b13243' } as const;
  const png = await sharp({ create: pixel }).withIccProfile('p3').png().toBuffer();
  const document = await openFile(parts, new Blob([png]), 'p3.png');
  const away = {
    worker,
    bridge: { ...parts.bridge, state: new Observable({ kind: 'not-running' } as const) },
  } as unknown as FileParts;
  await expect(savedFile(away, document)).rejects.toMatchObject({
    code: 'OUTPUT_FAILED',
    message: expect.stringContaining('Save again when it is connected'),
  });
});

test('a PSD of another program is opened through the same door', async () => {
  const parts = await withBridge();
  const bytes = writePsdBuffer({ width: 2, height: 2, children: [{ name: 'Paper' }] });
  const document = await openFile(parts, new Blob([Buffer.from(bytes)]), 'paper.psd');
  expect(document.init.psd?.name).toBe('paper.psd');
});

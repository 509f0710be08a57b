import type { DocumentHost, LayerCommit, LayerTarget, NewLayer } from '../../plugin/core/document';
import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import { isPspError } from '../../protocol/errors';

/** A pixel layer of one colour; values are of the document's depth (0..255 or 0..65535). */
export interface PixelLayerSpec {
  readonly name: string;
  readonly bounds: Bounds;
  readonly colour: readonly [red: number, green: number, blue: number, alpha: number];
  /** In the place of the one colour, by the document's pixels. */
  readonly paint?: (x: number, y: number) => readonly number[];
}

export interface DocumentSpec {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  /** Bottom to top. */
  readonly layers: readonly PixelLayerSpec[];
  /** Which of them are selected. */
  readonly selected: readonly string[];
}

/** What a test can see of a layer. */
export interface LayerView {
  readonly name: string;
  readonly kind: 'pixel' | 'group';
  /** Name of the group it is in; `null` at the top level. */
  readonly group: string | null;
  readonly opacity: number;
  readonly visible: boolean;
  /** Mask value 0..255 at a document pixel, 255 where there is no mask. */
  maskAt(x: number, y: number): number;
  /** RGBA of the document's depth at a document pixel, transparent black where the layer has none. */
  pixelAt(x: number, y: number): readonly number[];
}

/** Drives one host from outside, as a user would. */
export interface HostHarness {
  readonly host: DocumentHost;
  /** Opens a document and makes it the active one. */
  openDocument(spec: DocumentSpec): Promise<void>;
  /** Selects a rectangle of the active document, or nothing. */
  select(bounds: Bounds | null): Promise<void>;
  selectedLayers(): Promise<readonly string[]>;
  deleteLayer(name: string): Promise<void>;
  closeDocument(): Promise<void>;
  /** Every layer of the active document, bottom to top, groups before their content. */
  layers(): Promise<readonly LayerView[]>;
  /** Names of the undo steps taken since the document was opened. */
  history(): Promise<readonly string[]>;
  undo(): Promise<void>;
  /** Ends the test: fails when the host leaked something (open images, listeners). */
  close(): Promise<void>;
}

const box = (left: number, top: number, right: number, bottom: number): Bounds => ({
  left,
  top,
  right,
  bottom,
});

const portrait: DocumentSpec = {
  name: 'portrait',
  width: 100,
  height: 80,
  depth: 8,
  layers: [
    { name: 'Paper', bounds: box(0, 0, 100, 80), colour: [255, 255, 255, 255] },
    { name: 'Photo', bounds: box(-10, 20, 50, 60), colour: [200, 100, 50, 255] },
    { name: 'Notes', bounds: box(60, 60, 70, 70), colour: [0, 0, 255, 128] },
  ],
  selected: ['Photo'],
};

const deep: DocumentSpec = {
  ...portrait,
  name: 'deep',
  depth: 16,
  layers: [{ name: 'Photo', bounds: box(0, 0, 100, 80), colour: [65535, 32768, 257, 65535] }],
};

function newLayer(name: string, bounds: Bounds, depth: 8 | 16 = 8): NewLayer {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const max = depth === 8 ? 255 : 65535;
  const data =
    depth === 8 ? new Uint8Array(width * height * 4) : new Uint16Array(width * height * 4);
  for (let i = 0; i < data.length; i += 4) data.set([10, 20, 30, max], i);
  const mask = new Uint8Array(width * height).fill(255);
  mask[0] = 77;
  return {
    name,
    bounds,
    pixels: { width, height, data },
    mask: { width, height, data: mask },
    opacity: 0.5,
    visible: true,
  };
}

const commitOf = (...layers: NewLayer[]): LayerCommit => ({
  space: { kind: 'document' },
  commandName: 'Frontalize',
  groupName: 'Frontalize · Photo',
  layers,
});

const enlarged = { kind: 'enlarged', factor: 2 } as const;
const crop = { kind: 'crop' } as const;

async function errorCode(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return isPspError(error) ? error.code : `not a PspError: ${String(error)}`;
  }
  return 'no error';
}

/** The one suite that every host adapter passes. */
export function describeHost(name: string, createHarness: () => Promise<HostHarness>): void {
  describe(`${name} is a document host`, () => {
    let harness: HostHarness;
    let host: DocumentHost;

    beforeEach(async () => {
      harness = await createHarness();
      host = harness.host;
    });
    afterEach(() => harness.close());

    async function open(spec: DocumentSpec): Promise<LayerTarget> {
      await harness.openDocument(spec);
      const [target] = await host.listTargets('selected-layers');
      if (!target) throw new Error('no target listed');
      return target;
    }
    const names = async () => (await harness.layers()).map((layer) => layer.name);
    const layer = async (wanted: string) => {
      const found = (await harness.layers()).find((candidate) => candidate.name === wanted);
      if (!found) throw new Error(`no layer ${wanted}`);
      return found;
    };

    test('without a document there is nothing to work on', async () => {
      expect(await host.listTargets('selected-layers')).toEqual([]);
      expect(await host.listTargets('open-documents')).toEqual([]);
    });

    test('the selected layer is listed with its real bounds', async () => {
      const target = await open(portrait);
      expect(target).toMatchObject({
        documentName: 'portrait',
        layerName: 'Photo',
        bounds: box(-10, 20, 50, 60),
        refusal: null,
      });
    });

    test('several selected layers are listed top first', async () => {
      await harness.openDocument({ ...portrait, selected: ['Paper', 'Notes'] });
      const listed = await host.listTargets('selected-layers');
      expect(listed.map((target) => target.layerName)).toEqual(['Notes', 'Paper']);
    });

    test('every open document gives one target', async () => {
      await harness.openDocument(portrait);
      await harness.openDocument(deep);
      const listed = await host.listTargets('open-documents');
      expect(listed.map((target) => target.documentName).sort()).toEqual(['deep', 'portrait']);
    });

    test('a preview is shrunk, never enlarged, and says what it covers', async () => {
      const target = await open(portrait);
      const small = await host.readPreview(target, 30);
      expect(small.pixels).toMatchObject({ width: 30, height: 20 });
      expect(small.bounds).toEqual(box(-10, 20, 50, 60));
      expect([...small.pixels.data.slice(0, 4)]).toEqual([200, 100, 50, 255]);
      const large = await host.readPreview(target, 1024);
      expect(large.pixels).toMatchObject({ width: 60, height: 40 });
    });

    test('a preview of a 16-bit layer is 8 bit', async () => {
      const preview = await host.readPreview(await open(deep), 1024);
      expect(preview.pixels.data).toBeInstanceOf(Uint8Array);
      expect([...preview.pixels.data.slice(0, 4)]).toEqual([255, 128, 1, 255]);
    });

    test('a region has exactly the size asked for, transparent where the layer is not', async () => {
      const target = await open(portrait);
      const region = await host.readRegion(target, box(-12, 19, 3, 24));
      expect(region).toMatchObject({ width: 15, height: 5 });
      const at = (x: number, y: number) => [...region.data.slice((y * 15 + x) * 4).slice(0, 4)];
      expect(at(0, 0)).toEqual([0, 0, 0, 0]);
      expect(at(1, 1)).toEqual([0, 0, 0, 0]);
      expect(at(2, 1)).toEqual([200, 100, 50, 255]);
      expect(at(14, 4)).toEqual([200, 100, 50, 255]);
    });

    test('a region with no pixels at all is empty, not an error', async () => {
      const region = await host.readRegion(await open(portrait), box(80, 0, 90, 10));
      expect(region.data.every((value) => value === 0)).toBe(true);
    });

    test('only the layer itself is read', async () => {
      await harness.openDocument({ ...portrait, selected: ['Notes'] });
      const [target] = await host.listTargets('selected-layers');
      const region = await host.readRegion(target!, box(60, 60, 61, 61));
      expect([...region.data]).toEqual([0, 0, 255, 128]);
    });

    test('16 bits stay 16 bits, within one step of a host of 0..32768', async () => {
      const region = await host.readRegion(await open(deep), box(5, 5, 6, 6));
      expect(region.data).toBeInstanceOf(Uint16Array);
      const [red, green, blue, alpha] = region.data;
      expect([red, alpha]).toEqual([65535, 65535]);
      expect(Math.abs(green! - 32768)).toBeLessThanOrEqual(2);
      expect(Math.abs(blue! - 257)).toBeLessThanOrEqual(2);
    });

    test('the selection is read in the bounds asked for', async () => {
      const target = await open(portrait);
      expect(await host.readSelectionMask(target, box(0, 0, 4, 4))).toBeNull();
      await harness.select(box(2, 2, 10, 10));
      const mask = await host.readSelectionMask(target, box(1, 1, 4, 3));
      expect(mask).toMatchObject({ width: 3, height: 2 });
      expect([...mask!.data]).toEqual([0, 0, 0, 0, 255, 255]);
    });

    test('parts are selected instead of what was, in one step, where the host can', async () => {
      const target = await open(portrait);
      if (!host.select) return;
      await harness.select(box(90, 70, 95, 75));
      const before = (await harness.history()).length;
      const area = (bounds: Bounds, ...data: number[]) => {
        const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
        return { bounds, mask: { width, height, data: Uint8Array.from(data) } };
      };
      // Partly outside of the canvas, and overlapping.
      const areas = [area(box(-1, 4, 2, 5), 255, 255, 100), area(box(1, 4, 3, 5), 200, 50)];
      await host.select(target, 'Select: Hair', areas);
      const mask = await host.readSelectionMask(target, box(0, 4, 4, 5));
      expect([...mask!.data]).toEqual([255, 200, 50, 0]);
      expect((await host.readSelectionMask(target, box(90, 70, 95, 75)))!.data).toContain(0);
      expect((await harness.history()).length).toBe(before + 1);
      await harness.undo();
      const back = await host.readSelectionMask(target, box(90, 70, 91, 71));
      expect([...back!.data]).toEqual([255]);
    });

    test('one layer lands directly above its source with mask and opacity', async () => {
      const target = await open(portrait);
      const handles = await host.commitLayers(
        target,
        commitOf(newLayer('New', box(5, 25, 15, 35))),
      );
      expect(handles).toHaveLength(1);
      expect(await names()).toEqual(['Paper', 'Photo', 'New', 'Notes']);
      const made = await layer('New');
      expect(made).toMatchObject({ kind: 'pixel', group: null, visible: true });
      expect(made.opacity).toBeCloseTo(0.5, 2);
      expect(made.pixelAt(14, 34)).toEqual([10, 20, 30, 255]);
      expect(made.pixelAt(15, 35)).toEqual([0, 0, 0, 0]);
      expect([made.maskAt(5, 25), made.maskAt(6, 25)]).toEqual([77, 255]);
    });

    test('several layers land in a named group, in order', async () => {
      const target = await open(portrait);
      const bounds = box(0, 30, 10, 40);
      const commit = commitOf(newLayer('Variant 1', bounds), newLayer('Variant 2', bounds));
      await host.commitLayers(target, commit);
      const all = await harness.layers();
      expect(all.map((view) => view.name)).toEqual([
        'Paper',
        'Photo',
        'Frontalize · Photo',
        'Variant 1',
        'Variant 2',
        'Notes',
      ]);
      expect(all.map((view) => view.group)).toEqual([
        null,
        null,
        null,
        'Frontalize · Photo',
        'Frontalize · Photo',
        null,
      ]);
    });

    test('a layer may reach outside the canvas', async () => {
      const target = await open(portrait);
      await host.commitLayers(target, commitOf(newLayer('Off', box(-8, 70, 4, 90))));
      expect((await layer('Off')).pixelAt(-7, 89)).toEqual([10, 20, 30, 255]);
    });

    test('16-bit layers land in a 16-bit document', async () => {
      const target = await open(deep);
      await host.commitLayers(target, commitOf(newLayer('New', box(0, 0, 4, 4), 16)));
      expect((await layer('New')).pixelAt(1, 1)[3]).toBe(65535);
    });

    test('a commit is one undo step and undo restores everything', async () => {
      const target = await open(portrait);
      const before = await names();
      const bounds = box(0, 30, 10, 40);
      await host.commitLayers(target, commitOf(newLayer('1', bounds), newLayer('2', bounds)));
      expect(await harness.history()).toEqual(['Frontalize']);
      await harness.undo();
      expect(await names()).toEqual(before);
    });

    test('layers listed together are committed above in turn, an undo step each', async () => {
      await harness.openDocument({ ...portrait, selected: ['Paper', 'Photo'] });
      const targets = await host.listTargets('selected-layers');
      for (const target of targets) {
        const made = newLayer(`On ${target.layerName}`, box(0, 30, 10, 40));
        await host.commitLayers(target, commitOf(made));
      }
      expect(await names()).toEqual(['Paper', 'On Paper', 'Photo', 'On Photo', 'Notes']);
      expect(await harness.history()).toEqual(['Frontalize', 'Frontalize']);
      expect(await harness.selectedLayers()).toEqual(['Paper', 'Photo']);
      await harness.undo();
      expect(await names()).toEqual(['Paper', 'Photo', 'On Photo', 'Notes']);
    });

    test('selection and selected layers stay as they were', async () => {
      const target = await open(portrait);
      await harness.select(box(2, 2, 10, 10));
      await host.commitLayers(target, commitOf(newLayer('New', box(0, 30, 10, 40))));
      expect(await harness.selectedLayers()).toEqual(['Photo']);
      const mask = await host.readSelectionMask(target, box(2, 2, 3, 3));
      expect([...mask!.data]).toEqual([255]);
    });

    test('a commit to a document that is not in front any more goes to the right one', async () => {
      const target = await open(portrait);
      await harness.openDocument(deep);
      await host.commitLayers(target, commitOf(newLayer('New', box(0, 30, 10, 40))));
      expect(await names()).toEqual(['Photo']);
    });

    test('a layer that is gone is noticed, and nothing is written', async () => {
      const target = await open(portrait);
      expect(await host.exists(target)).toBe(true);
      await harness.deleteLayer('Photo');
      expect(await host.exists(target)).toBe(false);
      const commit = commitOf(newLayer('New', box(0, 30, 10, 40)));
      expect(await errorCode(host.commitLayers(target, commit))).toBe('DOCUMENT_CHANGED');
      expect(await errorCode(host.readRegion(target, box(0, 0, 1, 1)))).toBe('DOCUMENT_CHANGED');
      expect(await names()).toEqual(['Paper', 'Notes']);
    });

    test('a document that is gone is noticed', async () => {
      const target = await open(portrait);
      await harness.closeDocument();
      expect(await host.exists(target)).toBe(false);
      const commit = commitOf(newLayer('New', box(0, 30, 10, 40)));
      expect(await errorCode(host.commitLayers(target, commit))).toBe('DOCUMENT_CHANGED');
    });

    test('an enlarged result lands in an enlarged copy, and the document stays untouched', async () => {
      const target = await open(portrait);
      const commit = { ...commitOf(newLayer('New', box(-8, 60, 40, 100))), space: enlarged };
      const [made] = await host.commitLayers(target, commit);
      expect(made!.documentId).not.toBe(target.documentId);
      expect(await names()).toEqual(['Paper', 'Photo', 'New', 'Notes']);
      expect((await layer('Photo')).pixelAt(90, 110)).toEqual([200, 100, 50, 255]);
      expect((await layer('Photo')).pixelAt(105, 110)).toEqual([0, 0, 0, 0]);
      await harness.closeDocument();
      expect(await host.exists(target)).toBe(true);
      expect(await harness.history()).toEqual([]);
    });

    test('a crop becomes a document of its own', async () => {
      const target = await open(portrait);
      const commit = { ...commitOf(newLayer('New', box(0, 0, 16, 16))), space: crop };
      const [made] = await host.commitLayers(target, commit);
      expect(made!.documentId).not.toBe(target.documentId);
      expect(await names()).toEqual(['New']);
    });

    test('a made layer takes new content, opacity and visibility', async () => {
      const target = await open(portrait);
      const [made] = await host.commitLayers(target, commitOf(newLayer('New', box(0, 30, 9, 39))));
      await host.replaceLayer(made!, 'Mix styles', newLayer('Mixed', box(2, 32, 12, 42)));
      const mixed = await layer('Mixed');
      expect(mixed.pixelAt(11, 41)).toEqual([10, 20, 30, 255]);
      expect(mixed.pixelAt(0, 30)).toEqual([0, 0, 0, 0]);
      expect(mixed.maskAt(2, 32)).toBe(77);
      expect((await harness.history()).at(-1)).toBe('Mix styles');
      await host.setOpacity(made!, 0.25);
      expect((await layer('Mixed')).opacity).toBeCloseTo(0.25, 2);
      await host.changeLayers('Hide', { hide: [made!] });
      expect((await layer('Mixed')).visible).toBe(false);
    });

    test('what a made layer holds has a name, which undo brings back', async () => {
      const target = await open(portrait);
      const [made] = await host.commitLayers(target, commitOf(newLayer('New', box(0, 30, 9, 39))));
      await harness.deleteLayer('Notes');
      const before = await host.look(made!);
      expect(before).toMatchObject({ opacity: 0.5, visible: true });
      const { revision } = before!;
      await host.replaceLayer(made!, 'Mix', newLayer('Mixed', box(2, 32, 12, 42)));
      const mixed = (await host.look(made!))!.revision;
      expect(mixed).not.toBe(revision);
      await host.setOpacity(made!, 0.25);
      await host.changeLayers('Hide', { hide: [made!] });
      expect(await host.look(made!)).toEqual({ revision: mixed, opacity: 0.25, visible: false });
      for (let steps = 0; steps < 3; steps += 1) await harness.undo();
      expect(await host.look(made!)).toEqual({ revision, opacity: 0.5, visible: true });
      await host.replaceLayer(made!, 'Mix', newLayer('Again', box(2, 32, 12, 42)));
      expect([revision, mixed]).not.toContain((await host.look(made!))!.revision);
      await harness.closeDocument();
      expect(await host.look(made!)).toBeNull();
    });

    test('of variants one alone is shown in one step; kept, the others go, and the last takes the group', async () => {
      const target = await open(portrait);
      const place = box(0, 30, 9, 39);
      const hidden = { ...newLayer('Two', place), visible: false };
      const made = await host.commitLayers(target, commitOf(newLayer('One', place), hidden));
      const [one, two] = made;
      const shown = async () => [(await layer('One')).visible, (await layer('Two')).visible];
      expect(await shown()).toEqual([true, false]);
      await host.changeLayers('Choose', { show: [two!], hide: [one!] });
      expect(await shown()).toEqual([false, true]);
      expect(await harness.history()).toEqual(['Frontalize', 'Choose']);
      await host.changeLayers('Keep', { show: [two!], remove: [one!] });
      expect(await names()).toEqual(['Paper', 'Photo', 'Frontalize · Photo', 'Two', 'Notes']);
      await host.changeLayers('Discard', { remove: [two!] });
      expect(await names()).toEqual(['Paper', 'Photo', 'Notes']);
      expect(await host.exists(two!)).toBe(false);
      await harness.undo();
      await harness.undo();
      await harness.undo();
      expect(await shown()).toEqual([true, false]);
    });

    test('the revision of a layer stands still while nothing changes', async () => {
      const target = await open(portrait);
      const [again] = await host.listTargets('selected-layers');
      expect(again!.revision).toBe(target.revision);
    });

    test('changes are told until nobody listens', async () => {
      let told = 0;
      const stop = host.onChange(() => (told += 1));
      await open(portrait);
      expect(told).toBeGreaterThan(0);
      stop();
      const before = told;
      await harness.deleteLayer('Notes');
      expect(told).toBe(before);
    });
  });
}

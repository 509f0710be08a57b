import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { writeResult } from '../../../bridge-server/cli/writeResult';
import { readPhotograph } from '../../../bridge-server/image/readPhotograph';
import type { LayerPatch } from '../../../bridge-server/processor/job';
import { memorySource, readStructure } from '../../../psd';
import { readWithAgPsd } from '../../support/agPsd';
import { withFolder } from '../../support/models';
import { inDisplayP3, photograph, records } from '../../support/photograph';

const patch = (): LayerPatch => ({
  ...{
    name: 'Result',
    space: { kind: 'document' },
    faceNumber: 1,
    variant: 1,
    seed: null,
    placing: null,
  },
  ...{ model: 'm', identity: null, latents: { data: new Float32Array(1), shape: [1, 1] } },
  source: { data: new Float32Array(1), shape: [1, 1] },
  bounds: { left: 1, top: 1, right: 2, bottom: 2 },
  pixels: { width: 1, height: 1, data: Uint8Array.of(192, 32, 64, 255) },
  mask: { width: 1, height: 1, data: Uint8Array.of(255) },
});

test('a photograph is read in its own numbers, upright, with all that it says', () =>
  withFolder(async (folder) => {
    const file = await photograph(folder);
    const { pixels, profile, metadata } = await readPhotograph(file);
    const stored = sharp(file, { ignoreIcc: true }).autoOrient().ensureAlpha().raw();
    expect(Buffer.from(pixels.data)).toEqual(await stored.toBuffer());
    expect([pixels.width, pixels.height]).toEqual([8, 4]);
    expect(profile!.length).toBeGreaterThan(300);
    expect(metadata).toMatchObject({ pixelsPerInch: 300, copyrighted: true });
    expect(Buffer.from(metadata.iptc!)).toEqual(records);
    expect(Buffer.from(metadata.xmp!).toString()).toContain('tiff:Orientation="1"');
    const { exif } = metadata;
    expect(Buffer.from(exif!).toString('latin1')).toMatch(/^(II\*|MM\0\*)[^]*\(c\) Ana/);
  }));

test('its PSD holds them, its source layer the same numbers, and its results are in its profile', () =>
  withFolder(async (folder) => {
    const source = await readPhotograph(await photograph(folder));
    const file = join(folder, 'result.psd');
    await writeResult([{ file, replaces: null }], source, [patch()], 'Group', () => []);
    const bytes = await readFile(file);
    const { resources, iccProfile } = await readStructure(memorySource(bytes));
    const content = (id: number): Buffer | undefined => {
      const found = resources.blocks.find((block) => block.id === id);
      return found && bytes.subarray(found.offset, found.offset + found.length);
    };
    expect(content(1028)).toEqual(records);
    expect(content(1034)).toEqual(Buffer.of(1));
    expect(content(1058)).toEqual(Buffer.from(source.metadata.exif!));
    expect(content(1060)).toEqual(Buffer.from(source.metadata.xmp!));
    expect(iccProfile?.length).toBe(source.profile!.length);
    const psd = readWithAgPsd(bytes);
    expect(psd.imageResources?.resolutionInfo).toMatchObject({
      horizontalResolution: 300,
      verticalResolution: 300,
      horizontalResolutionUnit: 'PPI',
    });
    expect(psd.imageResources).toMatchObject({ copyrighted: true });
    expect(psd.imageResources?.xmpMetadata).toContain('<dc:rights>(c) Ana</dc:rights>');
    const [below, result] = psd.children!;
    expect([...below!.imageData!.data]).toEqual([...source.pixels.data]);
    inDisplayP3.forEach((value, channel) => {
      expect(Math.abs(result!.imageData!.data[channel]! - value)).toBeLessThanOrEqual(2);
    });
  }));

test('so does its flattened PNG', () =>
  withFolder(async (folder) => {
    const source = await readPhotograph(await photograph(folder));
    const file = join(folder, 'flat.png');
    await writeResult([{ file, replaces: null }], source, [patch()], 'Group', () => []);
    const flat = await readPhotograph(file);
    expect(flat.metadata).toMatchObject({ ...source.metadata, iptc: null, copyrighted: false });
    expect(flat.profile).toEqual(source.profile);
    expect([...flat.pixels.data.subarray(0, 32)]).toEqual([...source.pixels.data.subarray(0, 32)]);
  }));

test.each([
  ['what is not there', 'nowhere.png', 'There is no file'],
  ['a folder', '.', 'is a folder. Name a file.'],
  ['a name that is too long', 'x'.repeat(300), 'the name is too long'],
])('%s is told as what it is', (_what, name, words) =>
  withFolder(async (folder) => {
    await expect(readPhotograph(join(folder, name))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(words),
    });
  }),
);

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewLayer, PsdDocument, PsdLayer } from '../../psd';
import { boundsAt, corpus, insert, pixelLayer, readCorpus, structureOf } from '../psd/support';

/**
 * Whether other programs read what insertion writes. PYTHON names an interpreter that has
 * requirements.txt installed; ImageMagick 6 or 7 is looked for in the path.
 */
const python = process.env.PYTHON ?? 'python3';
const works = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
};
const hasPsdTools = works(python, '-c', 'import psd_tools');
const magick = ['magick', 'convert'].find((tool) => works(tool, '-list', 'configure'));
if (!hasPsdTools) {
  process.stderr.write(
    `SKIPPED: psd-tools. "${python}" has none; set PYTHON, see requirements.txt.\n`,
  );
}
if (!magick) process.stderr.write('SKIPPED: ImageMagick. It is not in the path.\n');

interface Told {
  readonly name: string;
  readonly kind: string;
  readonly visible: boolean;
  readonly opacity: number;
  readonly blend_mode: string;
  readonly bounds: readonly number[];
  readonly mask: null | {
    readonly bounds: readonly number[];
    readonly default: number;
    readonly values: readonly number[];
  };
  readonly layers?: readonly Told[];
  readonly digest?: string;
  readonly pixels?: readonly number[];
  readonly channels?: number;
}
interface ToldDocument {
  readonly layers: readonly Told[];
  readonly preview: readonly number[];
}

const folder = mkdtempSync(join(tmpdir(), 'psp-layers-readers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tell = (...paths: string[]): readonly ToldDocument[] =>
  JSON.parse(
    execFileSync(python, [join(__dirname, 'read.py'), ...paths], {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );

const mask = {
  bounds: boundsAt(6, 4, 5, 3),
  pixels: Uint8Array.from({ length: 15 }, (_, i) => i * 17),
  defaultColor: 255,
} as const;

function newLayers({ header }: PsdDocument): readonly NewLayer[] {
  const depth = header.depth as 8 | 16 | 32;
  const grey = header.colorMode === 'greyscale';
  return [
    pixelLayer('plain', depth, boundsAt(1, 2, 8, 6), { grey }),
    {
      kind: 'group',
      name: 'Frontalize ✓ 顔',
      layers: [pixelLayer('face ü', depth, boundsAt(5, 3, 17, 11), { grey, mask, opacity: 0.5 })],
    },
  ];
}

const handled = corpus.filter((name) => !name.includes('cmyk'));
/** ImageMagick 6 writes blend modes backwards ("mron"), and psd-tools refuses its files as they are. */
const forPsdTools = handled.filter((name) => !name.startsWith('magick'));
/** Where psd-tools lists a layer of ours: groups hold their members, ends of groups are gone. */
const topLevel = (document: PsdDocument): readonly PsdLayer[] =>
  document.layers.filter(({ parent, kind }) => parent === null && kind !== 'group-end');

(hasPsdTools ? describe : describe.skip)('psd-tools', () => {
  it.each(forPsdTools)('reads %s with the new layers', async (name) => {
    const original = readCorpus(name);
    const document = await structureOf(original);
    const target = topLevel(document)[0]!;
    const layers = newLayers(document);
    const { bytes, report } = await insert(original, { above: target.index, layers });
    const paths = [join(folder, `before-${name}`), join(folder, `after-${name}`)] as const;
    writeFileSync(paths[0], original);
    writeFileSync(paths[1], bytes);
    const [before, after] = tell(...paths);
    const [first, plain, group, ...rest] = after!.layers;
    expect([first, ...rest]).toEqual(before!.layers);
    expect(plain).toMatchObject({ name: 'plain', kind: 'pixel', bounds: [1, 2, 9, 8] });
    expect(group).toMatchObject({ name: 'Frontalize ✓ 顔', kind: 'group' });
    const face = group!.layers![0]!;
    expect(face).toMatchObject({ name: 'face ü', opacity: 128, bounds: [5, 3, 22, 14] });
    expect(face.mask).toEqual({ bounds: [6, 4, 11, 7], default: 255, values: [...mask.pixels] });
    expectPixels(face, (layers[1] as Extract<NewLayer, { kind: 'group' }>).layers[0]!);
    expectPixels(plain!, layers[0]!);
    if (report.preview === 'kept') expect(after!.preview).toEqual(before!.preview);
  });

  function expectPixels(told: Told, written: NewLayer): void {
    if (written.kind !== 'pixels') throw new Error('A pixel layer was written.');
    const { pixels } = written;
    const max = pixels instanceof Float32Array ? 1 : 256 ** pixels.BYTES_PER_ELEMENT - 1;
    // Greyscale comes as grey and alpha.
    const components = told.channels === 2 ? [0, 3] : [0, 1, 2, 3];
    const expected = Array.from({ length: told.pixels!.length }, (_, i) => {
      const component = components[i % components.length]!;
      return pixels[Math.floor(i / components.length) * 4 + component]! / max;
    });
    const difference = told.pixels!.map((value, i) => Math.abs(value - expected[i]!));
    expect(Math.max(...difference)).toBeLessThan(1e-6);
  }
});

(magick ? describe : describe.skip)('ImageMagick', () => {
  const tool = magick ?? '';
  // Version 6 reads floats by guesswork and layers of greyscale documents without their alpha.
  const readable = handled.filter((name) => /rgb8|rgb16|ag-psd/.test(name));

  it.each(readable)('reads %s with the new layers', async (name) => {
    const original = readCorpus(name);
    const document = await structureOf(original);
    const depth = document.header.depth as 8 | 16;
    const layer = pixelLayer('new', depth, boundsAt(5, 3, 17, 11));
    const above = document.layers.length - 1;
    const { bytes } = await insert(original, { above, layers: [layer] });
    const path = join(folder, `magick-${name}`);
    writeFileSync(path, bytes);
    const images = execFileSync(tool, [path, '-format', '%l|%wx%h%O\n', 'info:'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const last = images.trim().split('\n').length - 1;
    expect(images.trim().split('\n')[last]).toBe('new|17x11+5+3');
    const options = ['-depth', String(depth), '-endian', 'LSB', 'rgba:-'];
    const raw = execFileSync(tool, [`${path}[${last}]`, ...options], {
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect([...raw]).toEqual([...new Uint8Array(layer.pixels.buffer)]);
  });
});

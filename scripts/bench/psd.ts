import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openFileSource } from '../../bridge-server/documents/fileBytes';
import { versionOf } from '../../bridge-server/documents/fileVersion';
import { writeFileAtomically } from '../../bridge-server/documents/writeFileAtomically';
import { createDocument, insertLayers, readStructure, type NewLayer } from '../../psd';
import { fastest, type Figure } from './figure';

const side = 4096;
/** 16 bit noise, which packs into nothing smaller: ten layers and the preview are 1.1 GB. */
const layerCount = 10;
const patchSide = 512;
const runs = 5;

/**
 * A face's patch with its mask into a PSB of more than 1 GB, beside a plain copy of the file. Both end on
 * the disk (fsync) and under their own name.
 */
export async function benchPsd(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'psp-layers-bench-'));
  try {
    const file = join(folder, 'large.psb');
    await writeLargeDocument(file);
    const { size } = await stat(file);
    const copy = join(folder, 'copy.psb');
    const result = join(folder, 'result.psb');
    // In turns: what else the disk is doing meets both.
    let copying = Infinity;
    let inserting = Infinity;
    for (let run = 0; run < runs; run += 1) {
      await rm(copy, { force: true });
      copying = Math.min(copying, await fastest(1, () => plainCopy(file, copy)));
      await rm(copy);
      await rm(result, { force: true });
      inserting = Math.min(inserting, await fastest(1, () => insertPatch(file, result)));
    }
    await rm(result);
    const memory = await insertionMemory(file, join(folder, 'memory.psb'));
    return [
      { name: 'file', value: size / 1e9, unit: 'GB' },
      { name: 'plain copy', value: copying / 1000, unit: 's' },
      { name: 'insertion of a layer with its mask', value: inserting / 1000, unit: 's' },
      { name: 'insertion : plain copy', value: inserting / copying, unit: '' },
      { name: 'memory of the whole process', value: memory / 1e6, unit: 'MB' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function plainCopy(file: string, copy: string): Promise<void> {
  await copyFile(file, copy);
  const handle = await open(copy, 'r+');
  await handle.sync().finally(() => handle.close());
}

async function insertPatch(file: string, result: string): Promise<void> {
  const source = await openFileSource(file);
  try {
    const document = await readStructure(source);
    const insertion = { above: document.layers.length - 1, layers: [patch()] };
    const target = { file: result, replaces: await versionOf(result) };
    await writeFileAtomically(target, (sink) => insertLayers(source, document, [insertion], sink));
  } finally {
    await source.close();
  }
}

function patch(): NewLayer {
  const left = 1500;
  const bounds = { left, top: left, right: left + patchSide, bottom: left + patchSide };
  const mask = new Uint8Array(patchSide * patchSide).map((_, i) => i % 256);
  return {
    kind: 'pixels',
    name: 'patch',
    bounds,
    pixels: noise(patchSide),
    mask: { bounds, pixels: mask, defaultColor: 0 },
  };
}

async function writeLargeDocument(file: string): Promise<void> {
  const bounds = { left: 0, top: 0, right: side, bottom: side };
  const pixels = noise(side);
  const layers = Array.from({ length: layerCount }, (_, i): NewLayer => ({
    kind: 'pixels',
    name: `layer ${i + 1}`,
    bounds,
    pixels,
  }));
  const document = { width: side, height: side, depth: 16, large: true, layers } as const;
  await writeFileAtomically({ file, replaces: null }, (sink) => createDocument(document, sink));
}

/** Opaque pixels from a linear congruential generator (Numerical Recipes). */
function noise(pictureSide: number): Uint16Array {
  const pixels = new Uint16Array(pictureSide * pictureSide * 4);
  let state = 1;
  for (let i = 0; i < pixels.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[i] = i % 4 === 3 ? 65535 : state >>> 16;
  }
  return pixels;
}

/** The most memory that a process of its own takes for one insertion, in bytes. */
async function insertionMemory(file: string, result: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [__filename, file, result]);
  return Number(stdout) * 1024;
}

// The process that `insertionMemory` starts: it says its peak in kilobytes.
if (require.main === module) {
  const [file, result] = process.argv.slice(2);
  void insertPatch(file!, result!).then(() =>
    process.stdout.write(String(process.resourceUsage().maxRSS)),
  );
}

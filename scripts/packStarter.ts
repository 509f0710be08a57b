import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processTerminal } from '../bridge-server/cli/terminal';
import { packageFolder } from '../bridge-server/folders';
import { createPackageFolder } from '../bridge-server/models/packageFolder';
import {
  mobileStyleGan,
  MODEL_FORMAT_VERSION,
  type FileRole,
  type ModelDescription,
} from '../models/convert';
import { PspError, toPspError } from '../protocol/errors';

/**
 * Makes the embedded packages of the graphs that models/training wrote:
 * `npm run models:starter -- FOLDER`.
 */
const starterFolder = join(packageFolder, 'models', 'starter');

const wheel = {
  file: 'random_face-2021.7.21.1-py3-none-any.whl',
  sha256: 'e5d10e2be7df63f06123855ec591ca35dcb1d059eba47ddcb175d7d26b4019b5',
};
const attribution =
  'Generator: MobileStyleGAN by Sergei Belousov (random-face 2021.7.21.1, Apache-2.0), distilled from ' +
  "NVIDIA's StyleGAN2 of FFHQ. Encoder: pSp Layers, begun from EfficientNet-Lite0's ImageNet weights " +
  '(Apache-2.0).';
const terms =
  'For research and personal work: its generator learned from a network of NVIDIA that is licensed for ' +
  'non-commercial use (StyleGAN2, FFHQ), and whether that limits what was distilled from it is unsettled.';

/** From the card, README.md beside the packages. */
const measured = {
  starter:
    'Likeness to 29 photographs: 98 % when fitted (Close, the default), 71 % in one pass (Fast). Two photographs of one person: 97 %; two people: 13 %.',
  'starter-sketch': null,
};

/** What each package's encoder was trained for, by the file that holds it. */
const packages = [
  {
    name: 'starter',
    encoder: 'photograph.onnx',
    operations: ['reconstruct', 'frontalize', 'edit', 'super-resolve', 'inpaint', 'labels-to-face'],
    input: { kind: 'rgb-mask', channels: 4, size: 256 },
  },
  {
    name: 'starter-sketch',
    encoder: 'sketch.onnx',
    operations: ['sketch-to-face'],
    input: { kind: 'sketch', channels: 1, size: 256 },
  },
] as const;

/** Beside the encoder, which every package has for itself; the last two where they were made. */
const sharedFiles = {
  mapping: 'mapping.onnx',
  decoder: 'decoder.onnx',
  fit: 'fit.onnx',
  directions: 'directions.safetensors',
} as const;

async function packStarter(graphs: string): Promise<void> {
  const present = new Set(await readdir(graphs));
  const needed = ['mapping.onnx', 'decoder.onnx', ...packages.map(({ encoder }) => encoder)];
  const missing = needed.filter((file) => !present.has(file));
  if (missing.length > 0) {
    throw new PspError(
      'BAD_INPUT',
      `${graphs} lacks ${missing.join(', ')}. Write them with psp_training.export first.`,
    );
  }
  for (const entry of await readdir(starterFolder, { withFileTypes: true })) {
    if (entry.isDirectory()) await rm(join(starterFolder, entry.name), { recursive: true });
  }
  for (const each of packages) {
    const files = Object.entries({ encoder: each.encoder, ...sharedFiles })
      .filter(([, file]) => present.has(file))
      .map(([role, file]) => [role as FileRole, join(graphs, file)] as const);
    await writePackage(each, files);
    processTerminal().out(`${each.name}: ${files.map(([role]) => role).join(', ')}`);
  }
}

async function writePackage(
  { name, operations, input }: (typeof packages)[number],
  files: readonly (readonly [FileRole, string])[],
): Promise<void> {
  const store = await createPackageFolder(starterFolder, name);
  try {
    const paths: Partial<Record<FileRole, string>> = {};
    const checksums: Partial<Record<FileRole, string>> = {};
    for (const [role, file] of files) {
      const bytes = await readFile(file);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const sink = await store.createFile(role);
      await sink.write(bytes);
      paths[role] = await sink.close(sha256);
      checksums[role] = sha256;
    }
    const { directions = null, ...written } = paths;
    await store.commit({
      formatVersion: MODEL_FORMAT_VERSION,
      name,
      operations,
      licence: 'Apache-2.0',
      attribution,
      terms,
      measured: measured[name],
      source: wheel,
      input,
      ...mobileStyleGan,
      domain: 'face',
      precision: 'uint16',
      graphs: written as ModelDescription['graphs'],
      directions,
      checksums: checksums as ModelDescription['checksums'],
    });
  } catch (error) {
    await store.discard();
    throw error;
  }
}

packStarter(process.argv[2] ?? '.').catch((error: unknown) => {
  processTerminal().log(`models:starter: ${toPspError(error).message}`);
  process.exitCode = 1;
});

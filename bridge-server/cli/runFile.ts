import type { Timing } from '../../protocol/job';
import { extname } from 'node:path';
import { openPsdFile } from '../documents/psdFile';
import { readImage } from '../image/readImage';
import type { Processor, RunOptions } from '../operations/processor';
import { operations } from '../operations/registry';
import { applyToPsd } from './applyToPsd';
import { applyToRaster, type Application } from './applyToRaster';
import { writeLatents } from './latentFiles';
import { describePatch, writeResult } from './writeResult';

export interface FileRequest {
  readonly input: string;
  /** The input itself replaces a PSD, whose backup is kept. */
  readonly output: string;
  readonly application: Application;
  /** Of a PSD: 'all', 'visible' or a layer's name. */
  readonly layer: string;
  readonly saveLatents: boolean;
}

/** What was made of one file, as `--json` prints it. */
export interface FileOutcome {
  readonly input: string;
  readonly files: readonly string[];
  readonly layers: readonly (ReturnType<typeof describePatch> & {
    /** The layer of a PSD that it lies above. */
    readonly above?: string;
  })[];
  readonly timings: readonly Timing[];
  /** Of a PSD only. */
  readonly document?: {
    readonly preview: 'updated' | 'kept';
    readonly reason: string | null;
    readonly clipped: boolean;
    readonly backup: string | null;
    readonly passedOver: readonly { readonly layer: string; readonly reason: string }[];
  };
}

export const isLayered = (file: string): boolean => /^\.ps[db]$/i.test(extname(file));

/** One operation on one file, a picture or a layered document, and its result written. */
export async function runFile(
  processor: Processor,
  request: FileRequest,
  options: RunOptions,
): Promise<FileOutcome> {
  return isLayered(request.input)
    ? runLayered(processor, request, options)
    : runPicture(processor, request, options);
}

async function runPicture(
  processor: Processor,
  { input, output, application, saveLatents }: FileRequest,
  options: RunOptions,
): Promise<FileOutcome> {
  const source = await readImage(input);
  const { patches, timings } = await applyToRaster(processor, source, application, options);
  const { label } = operations.find(application.operation).declaration;
  const files = await writeResult(output, source, patches, label);
  if (saveLatents) files.push(...(await writeLatents(output, patches)));
  return { input, files, layers: patches.map(describePatch), timings };
}

async function runLayered(
  processor: Processor,
  { input, output, application, layer, saveLatents }: FileRequest,
  options: RunOptions,
): Promise<FileOutcome> {
  const psd = await openPsdFile(input);
  try {
    const applied = await applyToPsd(processor, psd, layer, application, options);
    const { results, timings, passedOver } = applied;
    const { label } = operations.find(application.operation).declaration;
    const backup = input === output;
    const saved = await psd.save(output, results, label, { backup });
    const patches = results.flatMap((result) => result.patches);
    const files = [output, ...(saveLatents ? await writeLatents(output, patches) : [])];
    return {
      input,
      files,
      layers: results.flatMap(({ target, patches: made }) =>
        made.map((patch) => ({ ...describePatch(patch), above: target.name })),
      ),
      timings,
      document: { ...saved, passedOver },
    };
  } finally {
    await psd.close();
  }
}

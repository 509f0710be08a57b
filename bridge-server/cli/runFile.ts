import type { Timing } from '../../protocol/job';
import { completeParameters } from '../../protocol/parameter';
import { openPsdFile } from '../documents/psdFile';
import { requireWritable } from '../documents/resultFolder';
import type { OnDraft, Target, WrittenFile } from '../documents/writeFileAtomically';
import { pictureColor } from '../image/pictureColor';
import { readPhotograph } from '../image/readPhotograph';
import type { Processor, RunOptions } from '../processor/processor';
import { runToEnd } from '../processor/runToEnd';
import { defaultOutput, isLayered } from './chooseOutput';
import { writeLatents } from './latentFiles';
import { findLayerWork, runLayerWork } from './layerWork';
import type { Application } from './application';
import { madeLayers } from './madeLayers';
import { rasterJob } from './applyToRaster';
import { countResults, type ResultCount, type ResultFiles } from './resultNames';
import { describePatch, isFlat, writeResult } from './writeResult';

export interface FileRequest {
  readonly input: string;
  /** The input itself with `inPlace`: it is replaced by the document with new layers, its backup kept. */
  readonly output: string;
  readonly inPlace: boolean;
  readonly application: Application;
  /** Of a PSD: 'all', 'visible' or a layer's name. */
  readonly layer: string;
  readonly saveLatents: boolean;
  /** Whether the files say how their layers were made. */
  readonly note: boolean;
  /**
   * Where the files go, decided when their number is known and before the networks run; none of a
   * document that is changed in place. @throws PspError BAD_INPUT where they cannot
   */
  readonly claim: (count: ResultCount) => Promise<ResultFiles<Target>>;
  readonly onDraft?: OnDraft;
  /** Told when the networks have done their part, before anything is written. */
  readonly onDrawn?: () => Promise<void>;
}

/** What was made of one file, as `--json` prints it. */
export interface FileOutcome {
  readonly input: string;
  readonly files: readonly string[];
  /** What was done otherwise than somebody may think, in sentences. */
  readonly remarks: readonly string[];
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
  { input, output, application, saveLatents, note, claim, onDraft, onDrawn }: FileRequest,
  options: RunOptions,
): Promise<FileOutcome> {
  const photograph = await readPhotograph(input);
  const source = await (await pictureColor(photograph.profile)).toSrgb(photograph.pixels);
  const job = await rasterJob(processor, source, application, options.signal);
  const parameters = completeOf(application);
  const targets = await claim(
    countResults(job.regions.length, parameters, isFlat(output), saveLatents),
  );
  const planned = [...targets.documents, ...targets.latents];
  for (const { file } of planned) await requireWritable(file);
  const { patches, timings } = await runToEnd(processor, job, options);
  await onDrawn?.();
  const written = [
    ...(await writeResult(
      targets.documents,
      photograph,
      patches,
      application.operation.label,
      (made) => (note ? madeLayers(application, made) : []),
      onDraft,
    )),
    ...(saveLatents ? await writeLatents(targets.latents, patches, onDraft) : []),
  ];
  const { files, remarks } = filesOf(planned, written);
  const first = `${input} holds ${photograph.pictures} pictures: the first was worked on.`;
  const told = photograph.pictures > 1 ? [first, ...remarks] : remarks;
  return { input, files, remarks: told, layers: patches.map(describePatch), timings };
}

async function runLayered(
  processor: Processor,
  request: FileRequest,
  options: RunOptions,
): Promise<FileOutcome> {
  const { input, inPlace, application, layer, saveLatents, note, claim, onDraft, onDrawn } =
    request;
  const psd = await openPsdFile(input);
  try {
    const { signal } = options;
    const { work, passedOver } = await findLayerWork(processor, psd, layer, application, signal);
    const regions = work.reduce((count, { faces }) => count + (faces?.length ?? 1), 0);
    const count = countResults(regions, completeOf(application), false, saveLatents);
    const targets = await claim(inPlace ? { ...count, documents: 0 } : count);
    const document = inPlace
      ? {
          file: input,
          replaces: psd.version,
          backup: true,
          beside: defaultOutput(input, application.operation.id),
        }
      : targets.documents[0]!;
    const planned = [document, ...targets.latents];
    for (const { file } of planned) await requireWritable(file);
    const results = await runLayerWork(processor, psd, work, application, passedOver, options);
    await onDrawn?.();
    const patches = results.flatMap((result) => result.patches);
    const { preview, reason, clipped, ...saved } = await psd.save(
      document,
      results,
      application.operation.label,
      note ? madeLayers(application, patches) : [],
      onDraft,
    );
    const latents = saveLatents ? await writeLatents(targets.latents, patches, onDraft) : [];
    return {
      input,
      ...filesOf(planned, [saved, ...latents]),
      layers: results.flatMap(({ target, patches: made }) =>
        made.map((patch) => ({ ...describePatch(patch), above: target.name })),
      ),
      timings: results.flatMap(({ timings }) => timings),
      document: {
        ...{ preview, reason, clipped, backup: saved.backup },
        passedOver: passedOver.map((passed) => ({
          layer: passed.layer,
          reason: passed.error.message,
        })),
      },
    };
  } finally {
    await psd.close();
  }
}

const completeOf = ({ operation, parameters }: Application) =>
  completeParameters(operation, parameters);

function filesOf(
  planned: readonly Target[],
  written: readonly WrittenFile[],
): Pick<FileOutcome, 'files' | 'remarks'> {
  const remarks = written.flatMap(({ file }, i) => {
    const { file: asked, replaces } = planned[i]!;
    if (file === asked) return [];
    const happened = replaces === null ? 'was made' : 'was changed';
    return [
      `${asked} ${happened} by another program meanwhile and was kept as it is. The result is ${file}.`,
    ];
  });
  return { files: written.map(({ file }) => file), remarks };
}

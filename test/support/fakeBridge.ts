import type {
  Bridge,
  BridgeRun,
  Capabilities,
  ConnectionState,
  RunEvents,
  RunRequest,
  RunResult,
} from '../../plugin/core/bridge/bridge';
import type { Order } from '../../plugin/core/order';
import { PspError } from '../../protocol/errors';
import type { Face } from '../../protocol/face';
import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import type { OperationDeclaration } from '../../protocol/operation';
import type { Raster } from '../../protocol/raster';
import type { Patch } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';
import type { PreviewPicture, PreviewRequest } from '../../protocol/preview';
import type { InstalledModel } from '../../protocol/model';

/** A face whose crop is a square; everything else follows from it. */
export function faceAt(bounds: Bounds, refusal: Face['refusal'] = null): Face {
  const { left, top, right, bottom } = bounds;
  const x = (share: number) => left + (right - left) * share;
  const y = (share: number) => top + (bottom - top) * share;
  return {
    quad: [
      { x: left, y: top },
      { x: right, y: top },
      { x: right, y: bottom },
      { x: left, y: bottom },
    ],
    bounds,
    landmarks: {
      leftEye: { x: x(0.35), y: y(0.4) },
      rightEye: { x: x(0.65), y: y(0.4) },
      leftMouth: { x: x(0.4), y: y(0.7) },
      rightMouth: { x: x(0.6), y: y(0.7) },
    },
    contour: [],
    score: 0.9,
    yaw: 0,
    refusal,
  };
}

const switchParameter = { kind: 'switch', name: 'grain', label: 'Grain', hint: '', default: true };

export const frontalize: OperationDeclaration = {
  id: 'frontalize',
  label: 'Frontalize',
  summary: 'The face turned to the camera.',
  input: 'face',
  composition: 'replace',
  mask: 'none',
  variants: false,
  parameters: [switchParameter as OperationDeclaration['parameters'][number]],
  modelHint: 'psp_ffhq_frontalization.pt',
};

export const inpaint: OperationDeclaration = {
  ...frontalize,
  id: 'inpaint',
  label: 'Inpaint',
  mask: 'required',
};

export const resampleStyle: OperationDeclaration = {
  ...frontalize,
  id: 'resample-style',
  label: 'Resample style',
  variants: true,
  parameters: [
    {
      kind: 'number',
      name: 'variants',
      label: 'Variants',
      hint: 'How many layers to draw.',
      default: 3,
      min: 1,
      max: 16,
      step: 1,
    },
    { kind: 'seed', name: 'seed', label: 'Seed', hint: '', default: 1, min: 0, max: 4294967295 },
    {
      kind: 'number',
      name: 'alpha',
      label: 'Strength',
      hint: '',
      default: 1,
      min: 0,
      max: 1,
      step: 0.05,
    },
    {
      kind: 'set',
      name: 'styles',
      label: 'Styles to draw',
      hint: '',
      default: ['fine'],
      choices: [
        { value: 'coarse', label: 'Coarse' },
        { value: 'middle', label: 'Middle' },
        { value: 'fine', label: 'Fine' },
      ],
    },
  ],
};

export const starter: InstalledModel = {
  name: 'starter',
  operations: ['frontalize', 'inpaint', 'resample-style'],
  resolution: 256,
  nStyles: 14,
  domain: 'faces',
  licence: 'MIT',
  attribution: '',
  terms: null,
  measured: null,
  embedded: true,
  fits: true,
};

/** Frontalize on every face, as a click asks for it. */
export const order: Order = {
  operation: frontalize,
  model: null,
  parameters: {},
  faces: 'all',
  hole: 'selection',
  priority: 'interactive',
};

export const capabilities: Capabilities = {
  operations: [frontalize, resampleStyle],
  models: [starter],
  provider: { provider: 'cpu', device: 'CPU', passedOver: [] },
};
export const ready: ConnectionState = { kind: 'ready', capabilities };

/** A run that waits until the test ends it. */
export interface PendingRun {
  readonly request: RunRequest;
  readonly events: RunEvents;
  cancelled: boolean;
  forgotten: boolean;
  /** How the face looks so far. */
  glimpse: Raster | null;
  /** How often it was looked at. */
  looks: number;
  /** Answers with one orange layer for every region and variant. */
  finish(part?: { readonly identity?: number; readonly latents?: Latents }): void;
  fail(error: PspError): void;
}

export interface PendingPreview {
  readonly request: PreviewRequest;
  show(): void;
  fail(error: PspError): void;
}

/** A bridge in memory that does what the test says. */
export class FakeBridge implements Bridge {
  faces: readonly Face[] = [];
  readonly previews: Raster[] = [];
  readonly runs: PendingRun[] = [];
  readonly imported: string[] = [];
  readonly edits: PendingPreview[] = [];
  /** Ends every run as soon as it starts. */
  finishesAtOnce = false;

  async findFaces(preview: Raster): Promise<readonly Face[]> {
    this.previews.push(preview);
    return this.faces;
  }

  /** All of the picture. */
  selectPart: Bridge['selectPart'] = async ({ width, height }) => ({
    width,
    height,
    data: new Uint8Array(width * height).fill(255),
  });

  run(request: RunRequest, events: RunEvents): BridgeRun {
    let resolve!: (result: RunResult) => void;
    let reject!: (error: PspError) => void;
    const result = new Promise<RunResult>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    result.catch(() => undefined);
    let answered: Latents | null = null;
    const pending: PendingRun = {
      request,
      events,
      cancelled: false,
      forgotten: false,
      glimpse: null,
      looks: 0,
      finish: ({ identity = 0.8, latents = null } = {}) => {
        answered = latents;
        const patches = patchesFor(request).map((patch) => ({ ...patch, identity }));
        resolve({ patches, workMs: 12 });
      },
      fail: reject,
    };
    this.runs.push(pending);
    if (this.finishesAtOnce) pending.finish();
    return {
      result,
      cancel: () => {
        pending.cancelled = true;
        reject(new PspError('CANCELLED', 'Cancelled.'));
      },
      glimpse: async () => {
        pending.looks += 1;
        return pending.glimpse;
      },
      latents: async (patch) => answered ?? codes(patch),
      forget: () => {
        pending.forgotten = true;
      },
    };
  }

  preview(request: PreviewRequest): Promise<PreviewPicture> {
    return new Promise((resolve, reject) => {
      const picture = { pixels: { width: 1, height: 1, data: new Uint8Array(4) }, identity: 0.9 };
      this.edits.push({ request, show: () => resolve(picture), fail: reject });
    });
  }
  place: Bridge['place'] = () => Promise.reject(new PspError('NOT_FOUND', 'Nothing is kept.'));

  async importModel(name: string): Promise<InstalledModel> {
    this.imported.push(name);
    return { ...starter, name, embedded: false };
  }

  async removeModel(): Promise<void> {}
  installPlugIn: Bridge['installPlugIn'] = () => Promise.resolve({ folders: [], next: '' });
}

function patchesFor(request: RunRequest): readonly Patch[] {
  const variants = Number(request.parameters['variants'] ?? 1);
  const seed = request.parameters['seed'];
  return request.regions.flatMap(({ bounds, faceNumber }) =>
    Array.from({ length: variants }, (_, index): Patch => {
      const width = boundsWidth(bounds);
      const height = boundsHeight(bounds);
      const data = new Uint8Array(width * height * 4);
      for (let i = 0; i < data.length; i += 4) data.set([255, 128, 0, 255], i);
      return {
        name: `${request.operation} · face ${faceNumber} · ${index + 1}`,
        space: { kind: 'document' },
        bounds,
        pixels: { width, height, data },
        mask: { width, height, data: new Uint8Array(width * height).fill(255) },
        faceNumber,
        variant: index + 1,
        seed: typeof seed === 'number' ? seed + index : null,
        model: request.model ?? 'starter',
        identity: 0.8,
        placing: null,
      };
    }),
  );
}

/** The codes that the fake answers for a patch. */
export const codes = (patch: number): Latents => ({ data: Float32Array.of(patch), shape: [1, 1] });

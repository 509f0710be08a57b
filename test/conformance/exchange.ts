import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A recorded conversation; README.md says how it is played. */
export interface Exchange {
  readonly about: string;
  readonly call: Call;
  readonly requests: readonly RecordedRequest[];
  readonly outcome: Outcome;
}

export interface RecordedPixels {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly bytes: string;
}

export interface RecordedRegion {
  readonly bounds: unknown;
  readonly pixels: RecordedPixels;
  readonly face: unknown;
  readonly faceNumber: number | null;
  readonly hole: string | null;
  readonly latents: string | null;
}

export type Call =
  | { readonly kind: 'connect' }
  | { readonly kind: 'find-faces'; readonly preview: RecordedPixels }
  | {
      readonly kind: 'run';
      readonly operation: string;
      readonly model: string;
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly priority: string;
      readonly regions: readonly RecordedRegion[];
      readonly latents: boolean;
    };

export interface RecordedChunk {
  /** A number of the server's, or a `$` name for one of the client's. */
  readonly stream: number | string;
  readonly offset: number;
  readonly total: number;
  readonly bytes: string;
}

export interface RecordedRequest {
  readonly method: string;
  readonly params: unknown;
  readonly chunks: RecordedChunk[];
  readonly result?: unknown;
  readonly error?: unknown;
  readonly then: ({ readonly text: unknown } | { readonly chunk: RecordedChunk })[];
  readonly close?: number;
}

export type Outcome =
  | { readonly kind: 'connected' }
  | { readonly kind: 'faces'; readonly count: number }
  | {
      readonly kind: 'patches';
      readonly patches: readonly {
        readonly name: string;
        readonly bounds: unknown;
        readonly pixels: RecordedPixels;
        readonly mask: string;
      }[];
      readonly latents: string | null;
    }
  | { readonly kind: 'error'; readonly code: string };

export const folder = join(__dirname, 'exchanges');

export const exchangeFiles = (): string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.json'));

export const readExchange = (name: string): Exchange =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as Exchange;

export const toBase64 = (bytes: Uint8Array | Uint16Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, 'base64'));

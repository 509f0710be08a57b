import { PspError } from '../../../protocol/errors';
import type { Terminal } from '../terminal';
import type { BatchState } from './runBatch';
import { stateLine, statusOf } from './stateLine';

/** How a run's progress is told: a moving line, lines for a log, or as OpenJobDescription reads it. */
export const progressKinds = ['bar', 'plain', 'openjd'] as const;
export type ProgressKind = (typeof progressKinds)[number];

export interface ProgressTeller {
  onState(state: BatchState): void;
  /** What ended the run without success. */
  onFailure(error: PspError): void;
}

const plainMs = 10_000;

export function createProgress(
  kind: ProgressKind,
  { out, log, progress }: Terminal,
  now: () => number = () => performance.now(),
): ProgressTeller {
  switch (kind) {
    case 'bar':
      return { onState: (state) => progress(stateLine(state)), onFailure: () => undefined };
    case 'plain': {
      let told = -Infinity;
      return {
        onState(state) {
          const isLast = state.finished === state.files && state.progress === null;
          if (now() - told < plainMs && !isLast) return;
          told = now();
          log(statusOf(state));
        },
        onFailure: () => undefined,
      };
    }
    case 'openjd': {
      let told = '';
      return {
        onState(state) {
          if (state.progress !== null) return;
          const share = state.files > 0 ? state.finished / state.files : 1;
          const lines = `openjd_progress: ${(share * 100).toFixed(1)}\nopenjd_status: ${statusOf(state)}`;
          if (lines !== told) out(lines);
          told = lines;
        },
        onFailure: ({ message }) => out(`openjd_fail: ${message.replaceAll(/\s+/g, ' ')}`),
      };
    }
  }
}

/** @throws PspError BAD_INPUT */
export function parseProgress(text: string): ProgressKind {
  const kind = progressKinds.find((known) => known === text);
  if (kind) return kind;
  throw new PspError('BAD_INPUT', `--progress cannot be "${text}". Use plain or openjd.`);
}

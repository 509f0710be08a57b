import type { BatchState } from './runBatch';

const barWidth = 24;

/** "[██████░░░░░░] 12 of 20 files · 15 faces · about 2 min left". */
export function stateLine(state: BatchState): string {
  const { files, finished, progress } = state;
  // A file's own steps move the bar too: one large file may take minutes.
  const within = progress && progress.total > 0 ? progress.done / progress.total : 0;
  const share = files > 0 ? Math.min(1, (finished + within) / files) : 1;
  const filled = Math.round(share * barWidth);
  return `[${'█'.repeat(filled) + '░'.repeat(barWidth - filled)}] ${statusOf(state)}`;
}

/** "12 of 20 files · 15 faces · about 2 min left". */
export function statusOf({ files, finished, faces, millisecondsLeft }: BatchState): string {
  const parts = [`${finished} of ${files} files`, `${faces} ${faces === 1 ? 'face' : 'faces'}`];
  if (millisecondsLeft !== null && finished < files) {
    parts.push(`about ${duration(millisecondsLeft)} left`);
  }
  return parts.join(' · ');
}

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

import type { Progress } from '../../protocol/job';

/** Where commands write: results to `out`, everything about the work to `log`. */
export interface Terminal {
  out(text: string): void;
  log(text: string): void;
  /** A line that replaces itself; nothing where `log` is not a terminal. */
  progress(text: string): void;
}

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  const live = stderr.isTTY;
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write('\r\x1b[K');
    shown = false;
  };
  return {
    out(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    log(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!live) return;
      clear();
      stderr.write(text);
      shown = text.length > 0;
    },
  };
}

const barWidth = 24;
const stageTexts: Readonly<Record<Progress['stage'], string>> = {
  align: 'Aligning',
  encode: 'Encoding',
  decode: 'Decoding',
  paste: 'Blending',
  working: 'Working',
};

/** "Encoding  [██████░░░░░░] 2/4". */
export function progressLine({ stage, done, total }: Progress): string {
  const filled = total > 0 ? Math.round((done / total) * barWidth) : 0;
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  return `${stageTexts[stage].padEnd(9)} [${bar}] ${done}/${total}`;
}

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageFolder } from '../../bridge-server/folders';
import { readImage } from '../../bridge-server/image/readImage';
import { resizeRaster } from '../../bridge-server/image/resizeRaster';
import { encodePng } from '../../bridge-server/image/writePng';
import { fastest, type Figure } from './figure';

/** Of a square photograph of 48 megapixels. */
const side = 6928;

/** The demo photograph with 48 megapixels, made twice as large with its face restored, by the command line. */
export async function benchEnlarge(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'psp-layers-bench-'));
  try {
    const file = join(folder, 'photograph.png');
    const demo = await readImage(join(packageFolder, 'test', 'fixtures', 'astronaut.png'));
    await writeFile(file, await encodePng(await resizeRaster(demo, side, side)));
    const command = ['apply', file, '--operation', 'super-resolve', '--size', 'x2'];
    const output = ['--output', join(folder, 'enlarged.psd')];
    let told = '';
    const milliseconds = await fastest(1, async () => {
      const started = [__filename, ...command, ...output];
      ({ stderr: told } = await promisify(execFile)(process.execPath, started));
    });
    return [
      { name: '×2 of 48 megapixels', value: milliseconds / 1000, unit: 's' },
      { name: '×2 of 48 megapixels, peak memory', value: peakOf(told) / 2 ** 20, unit: 'GB' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const peakOf = (told: string): number => Number(/^peak (\d+)$/m.exec(told)?.[1]);

// The process that `benchEnlarge` starts: the command line, which says its peak in kilobytes at its end.
if (require.main === module) {
  process.on('exit', () => process.stderr.write(`\npeak ${process.resourceUsage().maxRSS}\n`));
  void import('../../bridge-server/cli/main.js');
}

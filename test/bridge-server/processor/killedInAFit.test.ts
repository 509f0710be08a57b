import { join } from 'node:path';
import { applyToRaster } from '../../../bridge-server/cli/applyToRaster';
import { operations } from '../../../bridge-server/operations/registry';
import { openRemoteProcessor } from '../../../bridge-server/worker/remoteProcessor';
import type { ParameterValues } from '../../../protocol/parameter';
import type { Progress } from '../../../protocol/job';
import { readAstronaut } from '../../support/faces';

test('the inference process killed in a fit: an error that may be tried again, and the next fit is whole', async () => {
  const deaths: string[] = [];
  const processor = await openRemoteProcessor({
    entry: join(__dirname, '../../support/realProcessor.main.js'),
    cancelGraceMs: 60_000,
    silenceMs: 60_000,
    onDeath: ({ code }) => deaths.push(code),
  });
  try {
    const photograph = await readAstronaut();
    const reconstruct = (parameters: ParameterValues, onProgress: (progress: Progress) => void) =>
      applyToRaster(
        processor,
        photograph,
        {
          operation: operations.find('reconstruct').declaration,
          model: 'starter',
          faces: 'largest',
          parameters,
          mask: null,
          latents: null,
          wholeLayer: false,
        },
        { signal: new AbortController().signal, onProgress },
      );
    // Encoding is one step; more are the fit's.
    const killed = reconstruct({ likeness: 'closest' }, ({ stage, done }) => {
      if (stage === 'encode' && done === 3) process.kill(processor.pid!, 'SIGKILL');
    });
    // Whom the system kills it kills for want of memory.
    await expect(killed).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', retryable: true });
    expect(deaths).toEqual(['OUT_OF_MEMORY']);
    const { patches } = await reconstruct({ likeness: 'close' }, () => undefined);
    expect(patches).toHaveLength(1);
  } finally {
    await processor.close();
  }
}, 180_000);

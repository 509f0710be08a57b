import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeResult } from '../../../bridge-server/inference/probe';
import { importCheckpoint } from '../../../bridge-server/models/importCheckpoint';
import { withFolder } from '../../support/models';

/** Debian's chromium package brings a Vulkan loader and a GPU in software: slow, but exact. */
const vulkanFolder = '/usr/lib/chromium';
const driver = join(vulkanFolder, 'vk_swiftshader_icd.json');
const fixtures = join(__dirname, '..', '..', 'fixtures', 'psp');
const probe = join(__dirname, '../../../dist/bridge-server/inference/probe.js');

const missing = [driver, probe].find((path) => !existsSync(path));
const name = 'a pSp decoder answers on WebGPU as on the CPU';

if (missing) {
  test.skip(`${name} (skipped: ${missing} is missing)`, () => undefined);
} else {
  test(
    name,
    async () => {
      await withFolder(async (modelsFolder) => {
        const { folder, model } = await importCheckpoint({
          file: join(fixtures, 'tiny-encode', 'checkpoint.pt'),
          modelsFolder,
          name: 'tiny',
        });
        const answer = await new Promise<{ result?: ProbeResult; failure?: string }>(
          (resolve, reject) => {
            const child = fork(probe, ['webgpu', join(folder, model.graphs.decoder)], {
              env: { ...process.env, LD_LIBRARY_PATH: vulkanFolder, VK_ICD_FILENAMES: driver },
              stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
            });
            child.on('message', resolve);
            child.on('exit', (code, signal) => reject(new Error(`ended with ${code ?? signal}`)));
          },
        );
        expect(answer.failure).toBeUndefined();
        expect(answer.result!.relativeError).toBeLessThan(1e-3);
      });
    },
    60_000,
  );
}

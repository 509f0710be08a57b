import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** The Python that has `nvidia-pytriton`. */
const python = process.env['TRITON_PYTHON'] ?? 'python3';

const ask = (code: string): string =>
  execFileSync(python, ['-c', code], { encoding: 'utf8' }).trim();

export interface TritonServer {
  readonly address: string;
  /** As a power cut: nothing is finished. */
  kill(): Promise<void>;
}

/**
 * A real Triton on its Python backend.
 * @param folder where its backend is put together, which the wheel has in two places
 */
export async function startTriton(
  repository: string,
  folder: string,
  port: number,
): Promise<TritonServer> {
  const [version, libraries, packages] = ask(
    'import sys, sysconfig; print("%d.%d" % sys.version_info[:2]); print(sysconfig.get_config_var("LIBDIR")); print(sysconfig.get_path("purelib"))',
  ).split('\n') as [string, string, string];
  const triton = join(packages, 'pytriton', 'tritonserver');
  const backend = join(folder, 'backends', 'python');
  await mkdir(backend, { recursive: true });
  await cp(join(triton, 'backends', 'python'), backend, { recursive: true });
  const stub = 'triton_python_backend_stub';
  await cp(join(triton, 'python_backend_stubs', version, stub), join(backend, stub));

  const child = spawn(
    join(triton, 'bin', 'tritonserver'),
    [
      `--model-repository=${repository}`,
      `--backend-directory=${join(folder, 'backends')}`,
      // Two servers on one machine must not share it.
      `--backend-config=python,shm-region-prefix-name=psp${port}`,
      '--http-address=127.0.0.1',
      `--http-port=${port}`,
      '--allow-grpc=false',
      '--allow-metrics=false',
    ],
    {
      // A group of its own: -9 to the server alone would leave its Python processes behind.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        PATH: `${dirname(python)}:${process.env['PATH'] ?? ''}`,
        PYTHONPATH: packages,
        LD_LIBRARY_PATH: `${libraries}:${join(packages, 'nvidia_pytriton.libs')}`,
      },
    },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      said.push(line);
      if (line.includes('Started HTTPService')) resolve();
    });
    void gone.then(() => reject(new Error(`Triton ended:\n${said.slice(-40).join('\n')}`)));
  });
  return {
    address: `http://127.0.0.1:${port}`,
    async kill() {
      if (child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid!, 'SIGKILL');
      await gone;
    },
  };
}

import { join } from 'node:path';
import type { Configuration } from 'webpack';
import { typescript } from '../bundle';

/** The two scripts of the Photoshop plug-in (see plugin/hosts/photoshop/entryPoints.ts). */
export function photoshopBundle(root: string, outDir: string): Configuration {
  const host = join(root, 'plugin/hosts/photoshop');
  return {
    mode: 'production',
    // UXP forbids eval, which webpack's development source maps are made of.
    devtool: false,
    target: ['web', 'es2020'],
    entry: { entry: join(host, 'entry.ts'), main: join(host, 'main.ts') },
    output: { path: outDir, filename: '[name].js', globalObject: 'globalThis' },
    resolve: { extensions: ['.tsx', '.ts', '.mjs', '.js'] },
    externals: { photoshop: 'commonjs2 photoshop', uxp: 'commonjs2 uxp' },
    module: { rules: [typescript('es2020')] },
    // It is read from the disk, not the network: nothing to warn about.
    performance: { hints: false },
  };
}

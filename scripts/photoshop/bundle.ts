import { join } from 'node:path';
import webpack, { type Configuration } from 'webpack';

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
    module: { rules: [{ test: /\.tsx?$/, use: swc }] },
    // It is read from the disk, not the network: nothing to warn about.
    performance: { hints: false },
  };
}

const swc = {
  loader: 'swc-loader',
  options: {
    jsc: {
      target: 'es2020',
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic', importSource: 'preact' } },
    },
  },
};

/** @throws Error with webpack's own words */
export function runWebpack(configuration: Configuration): Promise<void> {
  const compiler = webpack(configuration);
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      compiler.close(() => {
        if (error) reject(error);
        else if (stats?.hasErrors())
          reject(new Error(stats.toString({ all: false, errors: true })));
        else resolve();
      });
    });
  });
}

import { resolve } from 'node:path';
import type { Configuration } from 'webpack';
import { runWebpack, typescript } from './bundle';

const root = resolve(__dirname, '..', '..');

/** Files that are served as they are: named in an entry, they land beside the bundles. */
const asIs = { test: /\.(css|html|svg|png)$/, type: 'asset/resource' };

/** The page that `psp-layers serve` opens. */
const page: Configuration = {
  mode: 'production',
  target: ['web', 'es2022'],
  context: resolve(root, 'plugin'),
  entry: {
    page: [
      './hosts/browser/main.tsx',
      './hosts/browser/index.html',
      './hosts/browser/icon.svg',
      './hosts/browser/themes.css',
      './panel/panel.css',
      './hosts/browser/page.css',
      // The sample photograph of the empty page.
      '../test/fixtures/astronaut.png',
    ],
    worker: './hosts/browser/worker/worker.ts',
  },
  output: {
    path: resolve(root, 'dist', 'browser'),
    filename: '[name].js',
    assetModuleFilename: '[name][ext]',
    clean: true,
  },
  resolve: { extensions: ['.tsx', '.ts', '.js'] },
  module: { rules: [typescript('es2022'), asIs] },
  devtool: 'source-map',
  performance: { hints: false },
};

void runWebpack(page);

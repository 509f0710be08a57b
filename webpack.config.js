const { resolve } = require('node:path');

/** Files that are served as they are: named in an entry, they land beside the bundles. */
const asIs = { test: /\.(css|html|svg|png)$/, type: 'asset/resource' };

const typescript = {
  test: /\.tsx?$/,
  exclude: /node_modules/,
  loader: 'swc-loader',
  options: {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic', importSource: 'preact' } },
    },
  },
};

/** The page that `psp-layers serve` opens. */
const browser = {
  name: 'browser',
  mode: 'production',
  target: ['web', 'es2022'],
  context: resolve(__dirname, 'plugin'),
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
    path: resolve(__dirname, 'dist', 'browser'),
    filename: '[name].js',
    assetModuleFilename: '[name][ext]',
    clean: true,
  },
  resolve: { extensions: ['.tsx', '.ts', '.js'] },
  module: { rules: [typescript, asIs] },
  devtool: 'source-map',
  performance: { hints: false },
  stats: 'errors-warnings',
};

module.exports = [browser];

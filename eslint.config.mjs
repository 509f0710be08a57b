import { dirname, relative, resolve } from 'node:path';
import tseslint from 'typescript-eslint';

/** What each folder may import of ours, besides itself. Imports point down only (ARCHITECTURE.md). */
const layers = {
  protocol: [],
  capture: ['protocol'],
  psd: [],
  'models/convert': [],
  'models/faces': ['models/convert'],
  'plugin/core': ['protocol', 'capture'],
  'plugin/panel': ['protocol', 'capture', 'plugin/core'],
  'plugin/hosts/browser': ['protocol', 'psd', 'plugin/core', 'plugin/panel'],
  'plugin/hosts/photoshop': ['protocol', 'plugin/core', 'plugin/panel'],
  'bridge-server/image': ['protocol', 'bridge-server/fileErrors'],
  'bridge-server/inference': ['protocol'],
  'bridge-server/faces': [
    'protocol',
    'bridge-server/folders',
    'bridge-server/image',
    'bridge-server/inference',
  ],
  'bridge-server/likeness': ['protocol', 'bridge-server/inference'],
  'bridge-server/models': ['protocol', 'models/convert', 'bridge-server/fileErrors'],
  'bridge-server/compose': ['protocol', 'bridge-server/faces', 'bridge-server/image'],
  'bridge-server/importer': [
    'protocol',
    'models/convert',
    'bridge-server/models',
    'bridge-server/fileErrors',
  ],
  'bridge-server/operations': [
    'protocol',
    'capture',
    'bridge-server/compose',
    'bridge-server/image',
    'bridge-server/inference',
    'bridge-server/faces',
    'bridge-server/likeness',
    'bridge-server/models',
  ],
  'bridge-server/transport': ['protocol'],
  'bridge-server/pages': [],
  'bridge-server/pairing': ['protocol'],
  'bridge-server/jobs': ['protocol', 'bridge-server/operations'],
  'bridge-server/service': [
    'protocol',
    'bridge-server/image',
    'bridge-server/jobs',
    'bridge-server/operations',
    'bridge-server/pairing',
    'bridge-server/transport',
  ],
};

/** Packages with one owner; tests may use them as independent witnesses. */
const owners = {
  'onnxruntime-node': ['bridge-server/inference'],
  // The bench is a client of its own.
  ws: ['bridge-server/transport', 'scripts/bench'],
  sharp: ['bridge-server/image'],
  'ag-psd': ['scripts/psd-corpus'],
  protobufjs: ['models/convert'],
  photoshop: ['plugin/hosts/photoshop'],
  uxp: ['plugin/hosts/photoshop'],
};

const inFolder = (path, folder) => path === folder || path.startsWith(`${folder}/`);

const importsPointDown = {
  create(context) {
    const file = relative(import.meta.dirname, context.filename);
    if (inFolder(file, 'test')) return {};
    const layer = Object.keys(layers).find((folder) => inFolder(file, folder));

    function check(node) {
      const name = node.source?.value;
      if (typeof name !== 'string') return;
      if (!name.startsWith('.')) {
        const owner = owners[name];
        if (owner && !owner.some((folder) => inFolder(file, folder))) {
          context.report({ node, message: `Only ${owner.join(', ')} may import ${name}.` });
        }
        return;
      }
      if (!layer) return;
      const target = relative(import.meta.dirname, resolve(dirname(context.filename), name));
      if (![layer, ...layers[layer]].some((folder) => inFolder(target, folder))) {
        context.report({ node, message: `${layer} may not import ${target}.` });
      }
    }

    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

export default tseslint.config(
  { ignores: ['dist/', 'build/', '**/*.js', '**/*.mjs', 'models/starter/'] },
  ...tseslint.configs.strict,
  {
    plugins: { layers: { rules: { 'imports-point-down': importsPointDown } } },
    rules: {
      'layers/imports-point-down': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
);

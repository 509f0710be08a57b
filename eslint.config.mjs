import tseslint from 'typescript-eslint';

/** What each folder may import of ours, besides itself. Imports point down only (ARCHITECTURE.md). */
const layers = {
  protocol: [],
  psd: [],
  'models/convert': [],
  'models/faces': [],
  'plugin/core': ['protocol'],
  'plugin/panel': ['protocol', 'plugin/core'],
  'plugin/hosts/browser': ['protocol', 'psd', 'plugin/core', 'plugin/panel'],
  'plugin/hosts/photoshop': ['protocol', 'plugin/core', 'plugin/panel'],
  'bridge-server/image': ['protocol'],
  'bridge-server/inference': ['protocol'],
  'bridge-server/faces': ['protocol', 'bridge-server/image', 'bridge-server/inference'],
  'bridge-server/operations': [
    'protocol',
    'bridge-server/image',
    'bridge-server/inference',
    'bridge-server/faces',
  ],
  'bridge-server/transport': ['protocol'],
};

/** Packages with one owner: a folder, or a single file where that is enough. */
const owners = {
  'onnxruntime-node': 'bridge-server/inference/',
  ws: 'bridge-server/transport/',
  sharp: 'bridge-server/image/',
  'ag-psd': 'bridge-server/image/',
  protobufjs: 'models/convert/',
  photoshop: 'plugin/hosts/photoshop/',
  uxp: 'plugin/hosts/photoshop/',
};

const folders = Object.keys(layers);
const escape = (text) => text.replaceAll('/', '\\/');

/** Forbids `../…/folder/…` for every folder of ours that is not listed. */
function layerRule(folder) {
  const allowed = [folder, ...layers[folder]];
  const others = [...new Set([...folders, 'bridge-server', 'scripts', 'test'])].filter(
    (other) => !allowed.some((a) => a === other || a.startsWith(`${other}/`)),
  );
  const packages = Object.keys(owners).filter((name) => !`${folder}/`.startsWith(owners[name]));
  return {
    files: [`${folder}/**/*.ts`, `${folder}/**/*.tsx`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: packages.map((name) => ({ name, message: `Only ${owners[name]} may import it.` })),
          patterns: others.map((other) => ({
            regex: `^\\.\\.?\\/(.*\\/)?${escape(other.split('/').pop())}(\\/|$)`,
            message: `${folder} may not import ${other}.`,
          })),
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'build/', '**/*.js', '**/*.mjs', 'models/starter/'] },
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: 'error',
      'no-console': ['error'],
    },
  },
  ...folders.map(layerRule),
);

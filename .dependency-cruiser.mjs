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
  'bridge-server/models': [
    'protocol',
    'models/convert',
    'bridge-server/fileErrors',
    'bridge-server/isRunning',
  ],
  'bridge-server/compose': ['protocol', 'bridge-server/faces', 'bridge-server/image'],
  'bridge-server/importer': [
    'protocol',
    'models/convert',
    'bridge-server/models',
    'bridge-server/fileErrors',
  ],
  'bridge-server/operations': [
    'protocol',
    'bridge-server/compose',
    'bridge-server/faces',
    'bridge-server/likeness',
    'bridge-server/models',
  ],
  'bridge-server/processor': [
    'protocol',
    'capture',
    'bridge-server/compose',
    'bridge-server/image',
    'bridge-server/inference',
    'bridge-server/faces',
    'bridge-server/likeness',
    'bridge-server/models',
    'bridge-server/operations',
  ],
  'bridge-server/transport': ['protocol'],
  'bridge-server/pages': [],
  'bridge-server/pairing': ['protocol'],
  'bridge-server/jobs': ['protocol', 'bridge-server/operations', 'bridge-server/processor'],
  'bridge-server/service': [
    'protocol',
    'bridge-server/image',
    'bridge-server/jobs',
    'bridge-server/operations',
    'bridge-server/processor',
    'bridge-server/pairing',
    'bridge-server/transport',
  ],
  'bridge-server/worker': [
    'protocol',
    'bridge-server/image',
    'bridge-server/processor',
    'bridge-server/openProcessor',
  ],
  'bridge-server/documents': [
    'protocol',
    'psd',
    'bridge-server/image',
    'bridge-server/processor',
    'bridge-server/fileErrors',
    'bridge-server/isRunning',
  ],
  // They wire the others together.
  'bridge-server': ['protocol', 'capture', 'psd', 'models/convert'],
  scripts: ['protocol', 'capture', 'psd', 'models', 'plugin', 'bridge-server', 'test/checkpoints'],
  'test/checkpoints': [],
  test: [''],
};

/** Packages with one owner; tests may use them as independent witnesses. */
const owners = {
  'onnxruntime-node': ['bridge-server/inference'],
  // The bench is a client of its own.
  ws: ['bridge-server/transport', 'scripts/bench'],
  sharp: ['bridge-server/image'],
  'ag-psd': [],
  protobufjs: ['models/convert'],
  photoshop: ['plugin/hosts/photoshop'],
  uxp: ['plugin/hosts/photoshop'],
};

const escaped = (path) => path.replace(/[.\\]/g, '\\$&');
const anyOf = (paths) =>
  `^(${paths.map((path) => (path === '' ? '' : `${escaped(path)}(/|\\.|$)`)).join('|')})`;
const folders = Object.keys(layers);
const inside = (folder) => folders.filter((other) => other.startsWith(`${folder}/`));

const pointDown = folders.map((folder) => ({
  name: `${folder} imports what lies below it`,
  severity: 'error',
  from: { path: anyOf([folder]), pathNot: inside(folder).length > 0 ? anyOf(inside(folder)) : [] },
  to: {
    pathNot: anyOf([folder, ...layers[folder]]),
    dependencyTypes: ['local'],
  },
}));

const owned = Object.entries(owners).map(([name, owner]) => ({
  name: `${name} has one owner`,
  severity: 'error',
  from: { path: '.', pathNot: anyOf([...owner, 'test']) },
  to: { path: `^(node_modules/)?(@types/)?${escaped(name)}(/|$)` },
}));

export default {
  forbidden: [
    ...pointDown,
    ...owned,
    {
      name: 'every folder has its layer',
      severity: 'error',
      from: { path: '\\.tsx?$', pathNot: anyOf([...folders, 'node_modules']) },
      to: {},
    },
    {
      name: 'no circle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|build)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};

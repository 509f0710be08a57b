import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, normalize, dirname } from 'node:path';

/* What `npm pack` would put into the tarball, of what is built. */

const root = join(__dirname, '..', '..');
interface Packed {
  readonly files: readonly { readonly path: string }[];
}
const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
) as readonly Packed[];
const files = new Set(packed!.files.map(({ path }) => path));

/** A compiled file and all of ours that it loads, by their paths from the root. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(join(root, file), 'utf8');
  for (const [, path] of source.matchAll(/require\("(\.{1,2}\/[^"]+)"\)/g)) {
    const target = normalize(join(dirname(file), path!));
    const found = [`${target}.js`, join(target, 'index.js'), target].find((name) =>
      existsSync(join(root, name)),
    );
    if (found) loadedBy(found, seen);
  }
  return seen;
}

test.each(['cli', 'worker', 'importer'])('all that %s/main loads is packed', (process) => {
  const missing = [...loadedBy(`dist/bridge-server/${process}/main.js`)].filter(
    (file) => !files.has(file),
  );
  expect(missing).toEqual([]);
});

test('networks and the plug-ins of editors are packed', () => {
  for (const file of [
    'models/starter/starter/model.json',
    'models/starter/starter/encoder.onnx',
    'models/faces/detector.onnx',
    'plugin/hosts/gimp/psp-layers/psp-layers.py',
    'plugin/hosts/krita/psp_layers.desktop',
    'plugin/hosts/python/psp_client/operations.json',
    'LICENSE',
    'NOTICE',
  ]) {
    expect(files).toContain(file);
  }
});

test('what only builds, measures or tests is not', () => {
  const beside =
    /^(test|scripts|dist\/(test|scripts|models\/faces)|models\/training)\/|\.map$|\.pyc$/;
  expect([...files].filter((file) => beside.test(file))).toEqual([]);
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operations } from '../../bridge-server/operations/registry';
import type { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import { runOrder } from '../../plugin/core/runOrder';
import { boundsWidth, type Bounds } from '../../protocol/geometry';
import type { ParameterValues } from '../../protocol/parameter';
import { connectClient, stopAll } from '../support/bridgeServer';
import { createBrowserHarness } from '../support/browserHarness';
import { createPhotoshopHarness } from '../support/photoshop/harness';
import { startRealBridge, type RealBridge } from '../support/realBridge';
import {
  installTinyNetworks,
  openCommandLine,
  sameCases,
  type CommandLine,
} from '../support/sameResult';
import type { HostHarness, LayerView } from './host';

/*
 * The same picture, operation, seed and settings give the same pixels everywhere: the page's documents and the
 * strict imitation of Photoshop here, GIMP and Krita in their own suites, each held to the command line.
 */

let home: string;
let bridge: RealBridge;
let client: BridgeClient;
let commandLine: CommandLine;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'psp-layers-same-'));
  await installTinyNetworks(home);
  commandLine = await openCommandLine(home);
  bridge = await startRealBridge(home);
  const token = (await readFile(join(home, 'token'), 'utf8')).trim();
  client = await connectClient({ url: `ws://localhost:${bridge.port}/`, token });
});
afterAll(async () => {
  await stopAll();
  await bridge.stop();
  await commandLine.close();
  await rm(home, { recursive: true });
});

const hosts: readonly (readonly [string, () => Promise<HostHarness>])[] = [
  ['the page', async () => createBrowserHarness()],
  ['Photoshop', createPhotoshopHarness],
];
const inPlace = sameCases.filter(([, { size }]) => size === undefined || size === 'in-place');
const selected: Bounds = { left: 196, top: 128, right: 256, bottom: 162 };

test.each(
  hosts.flatMap(([host, open]) => inPlace.map(([id, values]) => [host, id, values, open] as const)),
)('in %s: %s, %j', async (_, operation, parameters, open) => {
  const source = commandLine.picture(operation, 8);
  const { width, height } = source;
  const at = (x: number, y: number) => (y * width + x) * 4;
  const selection = Uint8Array.from({ length: width * height }, (_value, i) =>
    isInside(selected, i % width, Math.floor(i / width)) ? 255 : 0,
  );
  const expected = await onCommandLine(operation, parameters, selection);

  const harness = await open();
  await harness.openDocument({
    name: 'picture',
    width,
    height,
    depth: 8,
    layers: [
      {
        name: 'Photo',
        bounds: { left: 0, top: 0, right: width, bottom: height },
        colour: [0, 0, 0, 255],
        paint: (x, y) => Array.from(source.data.subarray(at(x, y), at(x, y) + 4)),
      },
    ],
    selected: ['Photo'],
  });
  const { declaration } = operations.find(operation);
  if (declaration.mask === 'required') await harness.select(selected);
  const [target] = await harness.host.listTargets('selected-layers');
  await runOrder(
    harness.host,
    client,
    target!,
    {
      operation: declaration,
      model: null,
      parameters,
      priority: 'batch',
      faces: 'all',
      hole: 'selection',
    },
    null,
    { onState: () => undefined, onStarted: () => undefined, isCancelled: () => false },
  );
  const layers = await harness.layers();
  for (const patch of expected) {
    const layer = layers.find(({ name }) => name === patch.name)!;
    expect(largestDifference(layer, patch)).toBe(0);
  }
  await harness.close();
});

/** Each case once: the hosts are compared to the same. */
const known = new Map<string, ReturnType<CommandLine['run']>>();
function onCommandLine(
  ...[operation, parameters, selection]: [string, ParameterValues, Uint8Array]
): ReturnType<CommandLine['run']> {
  const key = JSON.stringify([operation, parameters]);
  const made = known.get(key) ?? commandLine.run(operation, 8, parameters, selection);
  known.set(key, made);
  return made;
}

const isInside = ({ left, top, right, bottom }: Bounds, x: number, y: number): boolean =>
  x >= left && x < right && y >= top && y < bottom;

/** Of pixels and mask; where nothing shows, colours are nobody's business. */
function largestDifference(
  layer: LayerView,
  { bounds, pixels, mask }: Awaited<ReturnType<CommandLine['run']>>[number],
): number {
  const width = boundsWidth(bounds);
  let largest = 0;
  mask.data.forEach((shown, i) => {
    const [x, y] = [bounds.left + (i % width), bounds.top + Math.floor(i / width)];
    largest = Math.max(largest, Math.abs(layer.maskAt(x, y) - shown));
    const found = layer.pixelAt(x, y);
    const wanted = pixels.data.subarray(i * 4, i * 4 + 4);
    if (wanted[3] === 0) return;
    wanted.forEach((value, channel) => {
      largest = Math.max(largest, Math.abs(found[channel]! - value));
    });
  });
  return largest;
}

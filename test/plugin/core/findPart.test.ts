import { findFaces } from '../../../plugin/core/captureLayer';
import { findPart } from '../../../plugin/core/findPart';
import type { Quad } from '../../../protocol/geometry';
import type { Raster } from '../../../protocol/raster';
import { createBrowserHarness } from '../../support/browserHarness';
import { faceAt, FakeBridge } from '../../support/fakeBridge';

async function setUp() {
  const { host, openDocument } = createBrowserHarness();
  const bridge = new FakeBridge();
  bridge.faces = [
    faceAt({ left: 10, top: 10, right: 42, bottom: 42 }),
    faceAt({ left: 50, top: 10, right: 66, bottom: 26 }),
    faceAt({ left: 90, top: 10, right: 95, bottom: 15 }, 'too-small'),
  ];
  await openDocument({
    name: 'portrait',
    width: 100,
    height: 80,
    depth: 8,
    layers: [
      {
        name: 'Photo',
        bounds: { left: 5, top: 0, right: 100, bottom: 80 },
        colour: [9, 9, 9, 255],
      },
    ],
    selected: ['Photo'],
  });
  const [target] = await host.listTargets('selected-layers');
  const found = await findFaces(host, bridge, target!);
  return { host, bridge, found };
}

test("a part is looked for in each chosen face's rectangle, in its own pixels", async () => {
  const { host, bridge, found } = await setUp();
  const asked: { pixels: Raster; quad: Quad }[] = [];
  bridge.selectPart = async (pixels, quad) => {
    asked.push({ pixels, quad });
    const { width, height } = pixels;
    return { width, height, data: new Uint8Array(width * height).fill(255) };
  };
  const parts = await findPart(host, bridge, found, 'all', 'hair');
  expect(parts).toHaveLength(2);
  const { bounds } = parts[0]!;
  // The layer begins at 5, so the faces of its preview lie there too.
  expect(bounds).toEqual({ left: 13, top: 8, right: 49, bottom: 44 });
  expect(asked[0]!.quad[0]).toEqual({ x: 2, y: 2 });
  expect([asked[0]!.pixels.width, asked[0]!.pixels.height]).toEqual([36, 36]);
});

test('a face that does not show the part is left out', async () => {
  const { host, bridge, found } = await setUp();
  bridge.selectPart = async ({ width, height }) => ({
    width,
    height,
    data: new Uint8Array(width * height).fill(width > 30 ? 100 : 200),
  });
  const parts = await findPart(host, bridge, found, 'all', 'glasses');
  expect(parts.map(({ bounds }) => bounds.left)).toEqual([54]);
});

test('a face that cannot be worked on is refused by its reason', async () => {
  const { host, bridge, found } = await setUp();
  await expect(findPart(host, bridge, found, 3, 'hair')).rejects.toMatchObject({
    code: 'FACE_TOO_SMALL',
  });
});

import { join } from 'node:path';
import { alignFace, createFaceFinder, faceMask } from '../../bridge-server/faces';
import { packageFolder } from '../../bridge-server/folders';
import { readImage } from '../../bridge-server/image/readImage';
import { resizeRaster } from '../../bridge-server/image/resizeRaster';
import { createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import { pasteFace } from '../pasteFace';
import { fastest, type Figure } from './figure';

const runs = 7;
/** Pixels a side: a preview as hosts send it, and regions of 1 and 4 megapixels. */
const [previewSide, regionSides] = [1024, [1024, 2048]] as const;
const matched = { matchColour: true, matchGrain: true, seed: 1 };

/** Everything around the networks of a click, on the demo photograph enlarged. */
export async function benchFaces(): Promise<readonly Figure[]> {
  const report = { provider: 'cpu', device: 'CPU', passedOver: [] };
  const engine = createOnnxEngine({ provider: 'cpu', report });
  const photograph = await readImage(join(packageFolder, 'test', 'fixtures', 'astronaut.png'));
  const finder = createFaceFinder(engine);
  const figures: Figure[] = [];
  const measure = async (name: string, work: () => unknown): Promise<void> => {
    figures.push({ name, value: await fastest(runs, work), unit: 'ms' });
  };
  try {
    const preview = await resizeRaster(photograph, previewSide, previewSide);
    await measure(`find faces in a preview of ${previewSide}²`, () => finder.find(preview));
    for (const side of regionSides) {
      // The face's crop fills about half of the region, as when a host reads one face's rectangle.
      const region = await resizeRaster(photograph, side * 1.5, side * 1.5);
      const [face] = await finder.find(region);
      if (face === undefined) throw new Error('the demo photograph has lost its face');
      const crop = Math.round(face.quad[1].x - face.quad[0].x);
      for (const size of [256, 1024]) {
        const aligned = alignFace(region, face.quad, size);
        const mask = faceMask(face, face.quad, size, 'head');
        const there = `${size}² ↔ ${crop} px in ${((region.width / 1000) ** 2).toFixed(0)} Mpx`;
        await measure(`align ${there}`, () => alignFace(region, face.quad, size));
        await measure(`mask ${there}`, () => faceMask(face, face.quad, size, 'head'));
        await measure(`paste, colour and grain matched ${there}`, () =>
          pasteFace(region, face.quad, aligned, mask, matched),
        );
      }
    }
  } finally {
    await engine.close();
  }
  return figures;
}

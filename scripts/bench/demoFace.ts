import { join } from 'node:path';
import { packageFolder } from '../../bridge-server/folders';
import { cropRaster } from '../../bridge-server/image/cropRaster';
import { readImage } from '../../bridge-server/image/readImage';
import { resizeRaster } from '../../bridge-server/image/resizeRaster';
import type { Processor } from '../../bridge-server/processor/processor';
import { cropSide, faceRegion, transformFace } from '../../protocol/face';
import type { Region } from '../../protocol/job';

/** The demo photograph's face as hosts send it, with a crop of any size. */
export async function openDemoFace(
  processor: Pick<Processor, 'findFaces'>,
): Promise<(side: number) => Promise<Region>> {
  const photograph = await readImage(join(packageFolder, 'test', 'fixtures', 'astronaut.png'));
  const [small] = await processor.findFaces(photograph);
  if (small === undefined) throw new Error('the demo photograph has lost its face');
  const whole = { left: 0, top: 0, right: photograph.width, bottom: photograph.height };
  const there = faceRegion(small, whole);
  const seen = cropRaster(photograph, there);
  return async (side) => {
    const scale = side / cropSide(small);
    const [width, height] = [Math.round(seen.width * scale), Math.round(seen.height * scale)];
    const pixels = await resizeRaster(seen, width, height);
    const bounds = { left: 0, top: 0, right: width, bottom: height };
    const face = transformFace(small, scale, { x: -there.left * scale, y: -there.top * scale });
    return { bounds, pixels, face, faceNumber: 1, hole: null, latents: null };
  };
}

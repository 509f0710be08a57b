import { alignFace, opaqueRaster, type FacePlanes } from '../../../bridge-server/faces';
import { resizeRaster } from '../../../bridge-server/image/resizeRaster';
import type { Likeness } from '../../../bridge-server/operations/parameters';
import { minQuadSide, transformFace } from '../../../protocol/face';
import type { Raster } from '../../../protocol/raster';
import { planesOf, type Photograph } from './faces';
import { holeMask, holes, rimStep } from './holes';
import { measureEach, type Asked } from './measureEach';
import { over } from './measureLikeness';

/** Sides of the faces that are restored, and of the picture they are enlarged to. */
const [smallSides, largeSide] = [[32, 64, 128], 512] as const;

/**
 * Inpaint around three holes: likeness to the whole photograph, and the step at the rim. Super-resolve
 * from three sizes, beside plain enlarging: likeness, and how far the result shrunk again is from what
 * was given. Both in grey levels of 255.
 */
export const measureRestoring = (asked: Asked) =>
  measureEach(
    asked,
    'afresh',
    ['greyLevels'],
    ({ greyLevels }) => `${greyLevels.toFixed(2)} levels`,
    async ({ bench, photograph, add: addRow }) => {
      const { level } = asked;
      const add = (name: string, face: FacePlanes, greyLevels: number): Promise<void> =>
        addRow(name, face, { greyLevels });
      for (const [name, hole] of Object.entries(holes)) {
        const mask = holeMask(photograph, hole);
        const patch = await bench.apply('inpaint', photograph, { likeness: level }, mask);
        const filled = over(photograph.pixels, patch);
        const step = rimStep(photograph.pixels, filled, mask);
        await add(name, alignFace(filled, photograph.face.quad, 256), step);
      }
      const large = opaqueRaster(alignFace(photograph.pixels, photograph.face.quad, largeSide));
      const [face] = await bench.finder.find(large);
      if (!face) return;
      for (const side of smallSides) {
        const small = await resizeRaster(large, side, side);
        const enlarged = await resizeRaster(small, largeSide, largeSide);
        await add(`enlarged from ${side}²`, planesOf(enlarged), 0);
        // Faces too small to be worked on are enlarged first, as users would.
        const inPlace = side < minQuadSide;
        const pixels = inPlace ? enlarged : small;
        const scaled = transformFace(face, pixels.width / largeSide, { x: 0, y: 0 });
        const given: Photograph = { ...photograph, pixels, face: scaled };
        const size = inPlace ? 'in-place' : `x${largeSide / side}`;
        const wanted = inPlace ? await resizeRaster(enlarged, side, side) : small;
        for (const likeness of new Set<Likeness>(['fast', level])) {
          const patch = await bench.apply('super-resolve', given, { likeness, size, area: 'crop' });
          const restored = over(enlarged, patch);
          const again = await resizeRaster(restored, side, side);
          await add(`${likeness} from ${side}²`, planesOf(restored), apart(again, wanted));
        }
      }
    },
  );

/** Mean absolute difference of colours. */
function apart(a: Raster, b: Raster): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i += 1) {
    if (i % 4 !== 3) sum += Math.abs(a.data[i]! - b.data[i]!);
  }
  return sum / (0.75 * a.data.length);
}

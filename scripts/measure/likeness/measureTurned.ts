import { lookAgain } from './faces';
import { measureEach, type Asked } from './measureEach';
import { over } from './measureLikeness';

/** Mesh yaw from which a photograph counts as turned. */
const least = 0.3;

/**
 * Frontalize on the turned photographs of a folder, as the document will show them: likeness to the
 * photograph, the mesh's |yaw| before and after, and whether a usable face is found where it was.
 */
export const measureTurned = (asked: Asked) =>
  measureEach(
    asked,
    'afresh',
    ['before', 'after', 'found'],
    ({ before, after, found }) =>
      `|yaw| ${before.toFixed(3)} → ${after.toFixed(3)}, found ${found.toFixed(3)}`,
    async ({ bench, photograph, add }) => {
      const before = Math.abs(photograph.face.yaw);
      if (before < least) return;
      const patch = await bench.apply('frontalize', photograph, { likeness: asked.level });
      const front = over(photograph.pixels, patch);
      const { face, aligned, found } = await lookAgain(bench.finder, front, photograph);
      await add('frontalize', aligned, { before, after: Math.abs(face.yaw), found });
    },
  );

import type { ParameterValues } from '../../../protocol/parameter';
import { lookAgain } from './faces';
import { measureEach, type Asked } from './measureEach';
import { over } from './measureLikeness';

/** A half profile to either side and a broad smile. */
const edits: Readonly<Record<string, ParameterValues>> = {
  'head −20°': { head: -20 },
  'head +20°': { head: 20 },
  'smile 0.6': { smile: 0.6 },
  'smile 1': { smile: 1 },
};

/**
 * Likeness of edited photographs, as the document will show them, to the photographs; faces are found
 * again in the result and looked at where they are found. `found` says whether a usable face is found
 * where it was, `yaw` is the mesh's against the photograph's.
 */
export const measureEdits = (asked: Asked) =>
  measureEach(
    asked,
    'remembering',
    ['found', 'yaw'],
    ({ found, yaw }) => `yaw ${yaw.toFixed(3)}, found ${found.toFixed(3)}`,
    async ({ bench, photograph, add }) => {
      for (const [name, parameters] of Object.entries(edits)) {
        const wanted = { ...parameters, likeness: asked.level };
        const edited = over(photograph.pixels, await bench.apply('edit', photograph, wanted));
        const { face, aligned, found } = await lookAgain(bench.finder, edited, photograph);
        await add(name, aligned, { found, yaw: face.yaw - photograph.face.yaw });
      }
    },
  );

import {
  agreement,
  luminance,
  measureSide,
  planesOf,
  resizeGrid,
} from '../../../bridge-server/compose';
import { alignFace, resizePlanes, type FacePlanes } from '../../../bridge-server/faces';
import { cropSide } from '../../../protocol/face';
import type { ParameterValues } from '../../../protocol/parameter';
import { measureEach, type Asked } from './measureEach';
import { over } from './measureLikeness';

/** Edits that leave the forms of a face. */
const edits: Readonly<Record<string, readonly [string, ParameterValues]>> = {
  'light from the side': ['edit', { lightSide: 0.5 }],
  'hard light': ['edit', { hardLight: 0.5 }],
  'lip colour': ['edit', { lips: 0.5 }],
  'fine styles': ['resample-style', { variants: 1, styles: ['fine'] }],
};

/** Where the product's change measure is above this, the photograph is said to stay. */
const unchanged = 0.95;
const whole = { left: 0, top: 0, side: 1 };

/**
 * How much of photographs stays when light and colours of their faces are changed. `detail` is the RMS of
 * the Laplacian after by before, where the change measure is low; `side` is by how many stops the left cheek's
 * light gained on the right one's.
 */
export const measureStaying = (asked: Asked) =>
  measureEach(
    asked,
    'remembering',
    ['detail', 'side'],
    ({ detail, side }) => `detail ${detail.toFixed(3)}, side ${side.toFixed(3)}`,
    async ({ bench, photograph, add }) => {
      const { pixels, face } = photograph;
      const size = Math.min(1024, Math.round(cropSide(face)));
      const before = alignFace(pixels, face.quad, size);
      for (const [name, [operation, parameters]] of Object.entries(edits)) {
        const wanted = { ...parameters, likeness: asked.level };
        const patch = await bench.apply(operation, photograph, wanted);
        const after = alignFace(over(pixels, patch), face.quad, size);
        await add(name, resizePlanes(after, whole, measureSide), {
          detail: detailLeft(before, after),
          side: sideLight(after) - sideLight(before),
        });
      }
    },
  );

/** Cheeks of the aligned crop, [from, to) across, and both down. */
const cheeks = [
  [0.27, 0.47],
  [0.53, 0.73],
] as const;
const [cheekTop, cheekBottom] = [0.42, 0.72];

/** How much more light the left cheek shows than the right one, in stops. */
function sideLight(face: FacePlanes): number {
  const light = luminance(face);
  const [left, right] = cheeks.map(([from, to]) => {
    let sum = 0;
    for (let y = Math.round(cheekTop * measureSide); y < cheekBottom * measureSide; y++) {
      for (let x = Math.round(from * measureSide); x < to * measureSide; x++) {
        sum += light[y * measureSide + x]!;
      }
    }
    return sum;
  });
  return Math.log2(left! / right!);
}

/** Of two pictures of one crop, over the pixels that differ but whose forms are the same. */
function detailLeft(before: FacePlanes, after: FacePlanes): number {
  const { size } = before;
  const small = (image: FacePlanes) => planesOf(resizePlanes(image, whole, measureSide));
  const alike = agreement(small(before), small(after));
  const same = resizeGrid({ side: measureSide, planes: [alike] }, size).planes[0]!;
  let [had, has] = [0, 0];
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const at = y * size + x;
      if (same[at]! < unchanged || before.rgb[at] === after.rgb[at]) continue;
      had += laplacian(before, at) ** 2;
      has += laplacian(after, at) ** 2;
    }
  }
  return Math.sqrt(has / had);
}

/** Of the green channel. */
function laplacian({ size, rgb }: FacePlanes, pixel: number): number {
  const at = size * size + pixel;
  return rgb[at - 1]! + rgb[at + 1]! + rgb[at - size]! + rgb[at + size]! - 4 * rgb[at]!;
}

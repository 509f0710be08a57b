import { resizePlanes, shrinkPlane, type FacePlanes } from './planes';

/** What is made of a picture and asked for again: kept as long as the picture is. */
export function keptWith<Key extends object, Value>(make: (key: Key) => Value) {
  const known = new WeakMap<Key, Value>();
  return (key: Key): Value => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}

/** The side at which drawn pictures are looked at by networks, and measured. */
export const seenSide = 256;

/** A picture at that side, or itself where it is not larger; made once. */
export const seenPlanes = keptWith((image: FacePlanes): FacePlanes => {
  const { size, rgb } = image;
  if (size <= seenSide) return image;
  const factor = size / seenSide;
  if (!Number.isInteger(factor)) return resizePlanes(image, { left: 0, top: 0, side: 1 }, seenSide);
  const seen = new Float32Array(3 * seenSide ** 2);
  for (let c = 0; c < 3; c++) {
    const plane = rgb.subarray(c * size * size, (c + 1) * size * size);
    seen.set(shrinkPlane(plane, size, factor), c * seenSide ** 2);
  }
  return { size: seenSide, rgb: seen };
});

import { asItIs, alignFace, createFaceFinder } from '../../../bridge-server/faces';
import { previewFace, type Grid } from '../../../bridge-server/compose';
import { resizeRaster } from '../../../bridge-server/image/resizeRaster';
import { composeFace, type DrawnFace } from '../../../bridge-server/processor/composeFace';
import { sharedShare } from '../../../bridge-server/processor/sharedParts';
import type { Placement } from '../../../bridge-server/processor/placement';
import { transformFace, type Face } from '../../../protocol/face';
import type { Raster } from '../../../protocol/raster';
import { detail, pores } from '../../support/faceLike';
import { cpuEngine, readAstronaut } from '../../support/faces';

const size = 256;
const plane = size * size;
let photograph: Raster;
let face: Face;
let large: Face;

beforeAll(async () => {
  photograph = await readAstronaut();
  const engine = cpuEngine();
  face = (await createFaceFinder(engine).find(photograph))[0]!;
  large = transformFace(face, 2, { x: 0, y: 0 });
  await engine.close();
});

/** Nothing moved, and nothing but the face changed. */
const plain: Omit<DrawnFace, 'edited' | 'reconstructed'> = {
  carry: null,
  aside: 0,
  outline: null,
  changes: 'face',
  restyled: false,
  still: false,
  hair: null,
  light: null,
  eyes: null,
  shared: null,
  glasses: null,
  parts: null,
};

/**
 * How much detail a face resolved in place has more than the pixels it lies in.
 * @param pixels the photograph, twice as large
 * @param parts what it shows, and what is drawn; by default nobody looks
 */
function gained(
  pixels: Raster,
  parts: { readonly shown: Grid; readonly drawn: Grid } | null = null,
): number {
  const placement = placementOf(pixels, large, { area: 'crop', feather: 0 });
  // The generator knows the face, and its pores.
  const rgb = alignFace(photograph, face.quad, size).rgb.map(
    (value, i) => value + pores(i % size, Math.floor((i % plane) / size), 0.1),
  );
  const edited = { size, rgb };
  const drawn: DrawnFace = {
    ...plain,
    edited,
    reconstructed: null,
    shared: parts && sharedShare(parts.shown, parts.drawn),
  };
  const shown = previewFace(composeFace(drawn, placement, 'band'), placement.photograph);
  return detailOf(shown.rgb) / detailOf(placement.photograph.rgb);
}

function placementOf(pixels: Raster, where: Face, parameters: Placement['parameters']): Placement {
  const { quad } = where;
  const { rgb, alpha } = alignFace(pixels, quad, size);
  return {
    pixels,
    seen: asItIs(pixels),
    enlargement: 1,
    bounds: { left: 0, top: 0, right: pixels.width, bottom: pixels.height },
    quad,
    face: where,
    hole: null,
    selection: null,
    photograph: { size, rgb },
    alpha: { side: size, planes: [alpha] },
    parameters,
  };
}

function detailOf(rgb: Float32Array): number {
  const data = new Uint8Array(plane * 4).fill(255);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) data[i * 4 + c] = Math.round(255 * rgb[c * plane + i]!);
  }
  const inside = (x: number, y: number): boolean => x > 90 && x < 166 && y > 90 && y < 190;
  return detail({ width: size, height: size, data }, inside);
}

test('a face resolved in place gets the detail that its blur has taken, and a sharp one nothing', async () => {
  const { width, height } = photograph;
  const enlarged = await resizeRaster(photograph, 2 * width, 2 * height);
  const small = await resizeRaster(photograph, width / 4, height / 4);
  const blurred = await resizeRaster(small, 2 * width, 2 * height);
  const sharp = enlarged.data.map((value, i) =>
    i % 4 === 3
      ? 255
      : Math.max(0, Math.min(255, value + 255 * pores((i >> 2) % (2 * width), i >> 2, 0.1))),
  );
  expect(gained(blurred)).toBeGreaterThan(2);
  expect(gained({ ...enlarged, data: sharp })).toBeCloseTo(1, 2);
});

test('no detail of hair is drawn over a scarf, nor of an ear over the wall behind it', async () => {
  const { width, height } = photograph;
  const small = await resizeRaster(photograph, width / 4, height / 4);
  const blurred = await resizeRaster(small, 2 * width, 2 * height);
  const of = (...shares: readonly number[]): Grid => ({
    side: 64,
    planes: shares.map((share) => new Float32Array(64 * 64).fill(share)),
  });
  const [face, hair, neither] = [of(1, 0, 0), of(0, 1, 0), of(0, 0, 0)];
  expect(gained(blurred, { shown: hair, drawn: hair })).toBe(gained(blurred));
  expect(gained(blurred, { shown: neither, drawn: hair })).toBeCloseTo(1, 2);
  expect(gained(blurred, { shown: hair, drawn: face })).toBeCloseTo(1, 2);
});

test('a change of head and hair ends where the photograph shows another thing', () => {
  const placement = placementOf(photograph, face, { area: 'head' });
  const reconstructed = placement.photograph;
  const edited = { size, rgb: reconstructed.rgb.map((value) => value + 0.1) };
  const drawn: DrawnFace = { ...plain, edited, reconstructed, changes: 'head' };
  const right = Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 32 ? 0 : 1));
  const maskOf = (head?: Placement['head']) => {
    const composed = composeFace(drawn, head ? { ...placement, head } : placement, 'change');
    const { side, planes } = composed.mask;
    // Beside the left and the right eye.
    return [0.38, 0.62].map(
      (u) => planes[0]![Math.floor(0.5 * side) * side + Math.floor(u * side)]!,
    );
  };
  expect(maskOf()).toEqual([1, 1]);
  expect(maskOf({ side: 64, planes: [right] })).toEqual([0, 1]);
});

test('colours of an edit are kept as a change, those of drawn styles follow the photograph', () => {
  const placement = placementOf(photograph, face, { area: 'face', matchColour: 1 });
  const reconstructed = placement.photograph;
  // Much redder.
  const edited = { size, rgb: reconstructed.rgb.map((value, i) => value + (i < plane ? 0.2 : 0)) };
  const redder = (restyled: boolean): number => {
    const drawn: DrawnFace = { ...plain, edited, reconstructed, restyled };
    const shown = previewFace(composeFace(drawn, placement, 'change'), reconstructed);
    let sum = 0;
    // Between brow and mouth.
    for (let y = 110; y < 170; y++) {
      for (let x = 100; x < 156; x++) {
        const at = y * size + x;
        sum += shown.rgb[at]! - reconstructed.rgb[at]!;
      }
    }
    return sum / (60 * 56);
  };
  expect(redder(false)).toBeGreaterThan(0.12);
  expect(Math.abs(redder(true))).toBeLessThan(0.03);
});

/** 1 around a place of the crop, 0 elsewhere. */
const discAt = (u: number, v: number): Grid => ({
  side: 64,
  planes: [
    Float32Array.from({ length: 64 * 64 }, (_, i) =>
      Math.hypot((i % 64) / 64 - u, Math.floor(i / 64) / 64 - v) < 0.06 ? 1 : 0,
    ),
  ],
});

/** By how much a face drawn lighter all over changes what is shown, by places of the crop. */
function lightening(known: Partial<Placement>, changes: Partial<DrawnFace>) {
  const placement = { ...placementOf(photograph, face, { area: 'face' }), ...known };
  const reconstructed = placement.photograph;
  const edited = { size, rgb: reconstructed.rgb.map((value) => value + 0.15) };
  const drawn: DrawnFace = { ...plain, edited, reconstructed, ...changes };
  const shown = previewFace(composeFace(drawn, placement, 'change'), reconstructed);
  return (u: number, v: number): number => {
    const at = Math.round(v * size) * size + Math.round(u * size);
    return shown.rgb[at]! - reconstructed.rgb[at]!;
  };
}

test('eyes that are kept are the photograph’s, and the face around them is drawn', () => {
  const eyes = discAt(0.4, 0.47);
  const still = lightening({ eyes }, { still: true });
  expect(Math.abs(still(0.4, 0.47))).toBeLessThan(0.01);
  expect(still(0.5, 0.6)).toBeGreaterThan(0.08);
  expect(lightening({ eyes }, {})(0.4, 0.47)).toBeGreaterThan(0.1);
});

test('what is worn stays the photograph’s, and moves along with the face', () => {
  const worn = discAt(0.4, 0.47);
  const change = lightening({ worn }, {});
  expect(Math.abs(change(0.4, 0.47))).toBeLessThan(0.01);
  expect(change(0.5, 0.6)).toBeGreaterThan(0.08);
  // Everything moves to the right by an eighth of the crop.
  const carry = { side: 2, planes: [new Float32Array(4).fill(-1 / 8), new Float32Array(4)] };
  const to = 0.4 + 1 / 8;
  const difference = photographAt(0.4, 0.47) - photographAt(to, 0.47);
  expect(lightening({ worn }, { carry })(to, 0.47)).toBeCloseTo(difference, 1);
  expect(lightening({}, { carry })(to, 0.47)).not.toBeCloseTo(difference, 1);
});

test('glasses drawn beside those of the photograph are left out', () => {
  const glasses = discAt(0.4, 0.47);
  expect(Math.abs(lightening({}, { glasses })(0.4, 0.47))).toBeLessThan(0.01);
  expect(lightening({}, { glasses })(0.5, 0.6)).toBeGreaterThan(0.08);
});

function photographAt(u: number, v: number): number {
  const { rgb } = alignFace(photograph, face.quad, size);
  return rgb[Math.round(v * size) * size + Math.round(u * size)]!;
}

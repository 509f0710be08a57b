import {
  carryOf,
  changeFace,
  colourMatch,
  mixFaces,
  previewFace,
  renderFace,
  replaceFace,
  type Grid,
} from '../../../bridge-server/compose';
import { addedBy, shownThrough } from '../../../bridge-server/compose/composedFace';
import { resizeSquare } from '../../../bridge-server/compose/resample';
import { asItIs, alignFace, type FacePlanes } from '../../../bridge-server/faces';
import type { Point, Quad } from '../../../protocol/geometry';
import type { Raster } from '../../../protocol/raster';
import { detail, planes, pores, skin } from '../../support/faceLike';
import { composite, square } from '../../support/faces';

const size = 128;
const side = 240;
const quad = square({ x: side / 2, y: side / 2 }, 220, 7);
const whole: Grid = {
  side: 64,
  planes: [
    Float32Array.from({ length: 64 * 64 }, (_, i) => {
      const [x, y] = [i % 64, Math.floor(i / 64)];
      return x > 2 && y > 2 && x < 61 && y < 61 ? 1 : 0;
    }),
  ],
};
/** Colours as they are. */
const asDrawn = { reconstructed: null, edited: null };
const everywhere: Grid = { side: 2, planes: [new Float32Array(4).fill(1)] };

/** The generator's idea of the photograph: its waves without pores, a little off in colour. */
function reconstruction(photograph: FacePlanes): FacePlanes {
  return {
    size,
    rgb: photograph.rgb.map((value, i) => value * 0.9 + (i < size * size ? 0.06 : 0)),
  };
}

function changed(
  region: Raster,
  edit: (rec: FacePlanes) => FacePlanes,
  carry: Grid | null = null,
  where: Quad = quad,
  measuredAt = 256,
) {
  const photograph = alignFace(region, where, size);
  const reconstructed = reconstruction(photograph);
  const alpha = { side: size, planes: [photograph.alpha] };
  const edited = edit(reconstructed);
  return changeFace({
    photograph,
    alpha,
    reconstructed,
    edited,
    colours: asDrawn,
    carry,
    area: whole,
    measuredAt,
  });
}

const inDisc = (u: number, v: number): boolean => Math.hypot(u - 0.5, v - 0.6) < 0.12;

type Colour = readonly [number, number, number];

/** Paints a disc of another colour over the picture. */
const withDisc = ({ rgb }: FacePlanes, colour: Colour = [0.9, 0.1, 0.1]): FacePlanes => {
  const disc = planes(size, () => colour);
  const mask = planes(size, (u, v) => (inDisc(u, v) ? [1, 1, 1] : [0, 0, 0]));
  return { size, rgb: rgb.map((value, i) => (mask.rgb[i]! > 0 ? disc.rgb[i]! : value)) };
};

/** Of a pixel of the region, in units of the crop. */
function inCrop(x: number, y: number): Point {
  const [a, b, , d] = quad;
  const [ux, uy, vx, vy] = [b.x - a.x, b.y - a.y, d.x - a.x, d.y - a.y];
  const [px, py] = [x + 0.5 - a.x, y + 0.5 - a.y];
  const length = ux * ux + uy * uy;
  return { x: (px * ux + py * uy) / length, y: (px * vx + py * vy) / length };
}

test.each([8, 16] as const)('an edit that changes nothing shows nothing: %i bit', (depth) => {
  const region = skin(side, depth);
  const composed = changed(region, (same) => same);
  const placed = renderFace(region, quad, composed, 'source');
  expect(placed.mask.data.some((value) => value > 0)).toBe(false);
  // Not only hidden: seen through a full mask, not one sample differs.
  const shown = renderFace(region, quad, { ...composed, mask: everywhere }, 'source');
  expect(composite(region, shown).data).toEqual(region.data);
});

test('what changes is drawn, and the photograph keeps its detail to the sample beside it', () => {
  const region = skin(side, 16);
  const placed = renderFace(region, quad, changed(region, withDisc), 'source');
  const result = composite(region, placed);
  const centre = 4 * (Math.round(side * 0.59) * side + Math.round(side * 0.49));
  expect(result.data[centre]! / 65535).toBeGreaterThan(0.75);
  expect(result.data[centre + 1]! / 65535).toBeLessThan(0.3);
  const away = (x: number, y: number): boolean => {
    const { x: u, y: v } = inCrop(x, y);
    return Math.hypot(u - 0.5, v - 0.6) > 0.2 && u > 0.06 && u < 0.94 && v > 0.06 && v < 0.94;
  };
  const kept = detail(result, away) / detail(region, away);
  expect(Math.abs(kept - 1)).toBeLessThan(0.02);
  // The layer's mask is where something changes.
  const { bounds, mask } = placed;
  const shown = (x: number, y: number): number => {
    const [column, row] = [x - bounds.left, y - bounds.top];
    if (column < 0 || row < 0 || column >= mask.width || row >= mask.height) return 0;
    return mask.data[row * mask.width + column]!;
  };
  expect(shown(Math.round(side * 0.49), Math.round(side * 0.59))).toBe(255);
  expect(shown(60, 60)).toBe(0);
});

/** Well within the crop. */
function inner(x: number, y: number): boolean {
  const { x: u, y: v } = inCrop(x, y);
  return Math.min(u, v, 1 - u, 1 - v) > 0.15;
}

test('what is drawn black stays black, whatever light the skin is in', () => {
  const region = skin(side, 8);
  const photograph = alignFace(region, quad, size);
  const alpha = { side: size, planes: [photograph.alpha] };
  // The generator's light misses much of the photograph's blue.
  const blueless = photograph.rgb.map((value, i) => (i < 2 * size * size ? value : value - 0.12));
  const reconstructed = { size, rgb: blueless };
  const edited = withDisc(reconstructed, [0.05, 0.05, 0.05]);
  const colours = { colours: asDrawn, carry: null, area: whole, measuredAt: 256 };
  const composed = changeFace({ photograph, alpha, reconstructed, edited, ...colours });
  const add = addedBy(composed, size);
  const middle = Math.floor(0.6 * size) * size + size / 2;
  expect(add[2 * size * size + middle]! - add[middle]!).toBeLessThan(0.04);
});

test.each([
  ['stay the photograph’s where an edit draws its own a little aside', 0.15, 0.65, 1.1],
  ['go where an edit closes the mouth', 0, -0.1, 0.5],
])('teeth that the generator has elsewhere %s', (_, teeth, least, most) => {
  const place = (u: number, v: number): boolean =>
    Math.abs(u - 0.5) < 0.12 && Math.abs(v - 0.6) < 0.03;
  const mouth = (phase: number, height: number): FacePlanes =>
    planes(256, (u, v) => {
      const wave = Math.sin(2 * Math.PI * (32 * u + phase));
      const value = 0.5 + (place(u, v) ? height * wave : 0);
      return [value, value, value];
    });
  const [photograph, reconstructed] = [mouth(0, 0.15), mouth(0.25, 0.15)];
  const edited = mouth(0.35, teeth);
  const alpha = { side: 2, planes: everywhere.planes };
  const pictures = { photograph, alpha, reconstructed, edited, colours: asDrawn };
  const composed = changeFace({ ...pictures, carry: null, area: whole, measuredAt: 256 });
  const shown = previewFace(composed, photograph).rgb;
  let [product, square] = [0, 0];
  for (let at = 0; at < 256 * 256; at++) {
    if (!place((at % 256) / 256, Math.floor(at / 256) / 256)) continue;
    const own = photograph.rgb[at]! - 0.5;
    product += own * (shown[at]! - 0.5);
    square += own * own;
  }
  // How much of the photograph's teeth is seen.
  expect(product / square).toBeGreaterThan(least);
  expect(product / square).toBeLessThan(most);
});

test('colours that skin asks for are not given to black', () => {
  const photograph = planes(64, (u) => [0.6 + 0.05 * u, 0.5 + 0.05 * u, 0.5 + 0.05 * u]);
  const generated = planes(64, (u) => [0.7 + 0.2 * u, 0.4 + 0.2 * u, 0.3 + 0.2 * u]);
  const curves = colourMatch(photograph, generated, everywhere, everywhere, 1)!;
  const black = curves.map((curve) => curve[14]!);
  expect(Math.max(...black)).toBeLessThan(0.15);
});

test('black hair stays black where the skin differs a little more in red, and less in blue', () => {
  const skin = (u: number, red: number, blue: number) =>
    [0.84 + red * (u - 0.5), 0.6 + 0.2 * (u - 0.5), 0.46 + blue * (u - 0.5)] as const;
  const photograph = planes(64, (u) => skin(u, 0.25, 0.15));
  const generated = planes(64, (u) => skin(u, 0.2, 0.2));
  const curves = colourMatch(photograph, generated, everywhere, everywhere, 1)!;
  for (const hair of [14, 28, 42]) {
    const [r, g, b] = curves.map((curve) => curve[hair]!) as [number, number, number];
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(0.02);
  }
});

test('a change of light keeps every pore', () => {
  const region = skin(side, 16);
  const brighter = ({ rgb }: FacePlanes): FacePlanes => {
    const light = planes(size, (u) => [0.12 * u, 0.1 * u, 0.02]);
    return { size, rgb: rgb.map((value, i) => value + light.rgb[i]!) };
  };
  const composed = changed(region, brighter);
  const result = composite(region, renderFace(region, quad, composed, 'source'));
  expect(Math.abs(detail(result, inner) / detail(region, inner) - 1)).toBeLessThan(0.05);
  const right = 4 * (120 * side + 200);
  const gain = (result.data[right]! - region.data[right]!) / 65535;
  expect(gain).toBeGreaterThan(0.07);
  expect(gain).toBeLessThan(0.13);
});

test('where the forms agree no grain of the generator is added', () => {
  const region = skin(side, 16);
  const grainy = ({ rgb }: FacePlanes): FacePlanes => ({
    size,
    rgb: rgb.map((value, i) => value + 0.05 + pores(i % size, Math.floor(i / size), 0.03)),
  });
  // Twice as many cells as the change is measured at.
  const composed = changed(region, grainy, null, quad, size / 2);
  const result = composite(region, renderFace(region, quad, composed, 'source'));
  expect(Math.abs(detail(result, inner) / detail(region, inner) - 1)).toBeLessThan(0.02);
});

test('the photograph moves along with the face', () => {
  const region = skin(side, 16);
  const straight = square({ x: side / 2, y: side / 2 }, side);
  const shift = 8 / side;
  const points: Point[] = [];
  for (let v = 0.3; v <= 0.7; v += 0.02)
    for (let u = 0.3; u <= 0.7; u += 0.02) points.push({ x: u, y: v });
  const moved = points.map(({ x, y }) => ({ x: x + shift, y }));
  const carry = carryOf(points, moved);
  expect(carry).not.toBeNull();
  const move = ({ rgb }: FacePlanes): FacePlanes => {
    const cells = Math.round(shift * size);
    return {
      size,
      rgb: rgb.map((value, i) => {
        const x = i % size;
        return x < cells ? value : rgb[i - cells]!;
      }),
    };
  };
  const composed = changed(region, move, carry, straight);
  const { bounds, pixels } = renderFace(
    region,
    straight,
    { ...composed, mask: everywhere },
    'source',
  );
  // In the middle of the face, the pixels are those of `shift` further left.
  let [same, unmoved] = [0, 0];
  for (let y = 105; y < 135; y++) {
    for (let x = 105; x < 135; x++) {
      const to = ((y - bounds.top) * pixels.width + x - bounds.left) * 4 + 1;
      const from = (y * side + x) * 4 + 1;
      same += Math.abs(pixels.data[to]! - region.data[from - 8 * 4]!);
      unmoved += Math.abs(pixels.data[to]! - region.data[from]!);
    }
  }
  expect(same).toBeLessThan(0.5 * unmoved);
});

test.each(['still', 'moved'])(
  'colours that are matched on the way are those of pictures matched before, within a level: %s',
  (kind) => {
    const region = skin(side, 8);
    const straight = square({ x: side / 2, y: side / 2 }, side);
    const photograph = alignFace(region, straight, 512);
    const alpha = { side: 512, planes: [photograph.alpha] };
    // A generator draws no grain.
    const smooth = resizeSquare(alignFace(region, straight, 64).rgb, 64, 512);
    const reconstructed = { size: 512, rgb: smooth.map((value) => 0.8 * value + 0.1) };
    const smile = planes(512, (u, v) => {
      const bend = 0.15 * Math.exp(-(((u - 0.5) / 0.1) ** 2) - ((v - 0.6) / 0.05) ** 2);
      return [bend, -bend, 0.5 * bend];
    });
    const edited = { size: 512, rgb: reconstructed.rgb.map((v, i) => v + smile.rgb[i]!) };
    const [from, to] = turned((x) => 0.04 * (1 - (2 * x - 1) ** 2));
    const curves = colourMatch(photograph, reconstructed, alpha, everywhere, 1)!;
    const common = {
      ...{ photograph, alpha, area: whole, measuredAt: 256 },
      carry: kind === 'moved' ? carryOf(from, to) : null,
    };
    const matched = (image: FacePlanes) => ({
      size: 512,
      rgb: addedBy({ ...shownThrough(image, everywhere), curves }, image.size),
    });
    const [onTheWay, before] = [
      { reconstructed, edited, colours: { reconstructed: curves, edited: curves } },
      {
        ...{ reconstructed: matched(reconstructed), edited: matched(edited) },
        colours: { reconstructed: null, edited: null },
      },
    ].map((pictures) => {
      const composed = changeFace({ ...common, ...pictures });
      return composite(region, renderFace(region, straight, composed, 'source')).data;
    });
    expect(worstDifference(onTheWay!, before!)).toBeLessThanOrEqual(1);
    // And they are changed at all.
    const plain = changeFace({ ...common, reconstructed, edited, colours: asDrawn });
    const { data } = composite(region, renderFace(region, straight, plain, 'source'));
    expect(worstDifference(onTheWay!, data)).toBeGreaterThan(4);
  },
);

const worstDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
};

test('around the area the photograph alone moves along, whatever the generator draws there', () => {
  const region = skin(side, 16);
  const straight = square({ x: side / 2, y: side / 2 }, side);
  const [from, to] = turned((x) => 0.04 * (1 - (2 * x - 1) ** 2));
  const carry = carryOf(from, to);
  const photograph = alignFace(region, straight, size);
  const reconstructed = reconstruction(photograph);
  // Another wall, in a loud colour, all around the face.
  const wall = planes(size, (u, v) => (inFace(u, v) ? [0, 0, 0] : [0, 1, 0]));
  const edited = {
    size,
    rgb: reconstructed.rgb.map((value, i) => {
      const at = i % (size * size);
      return wall.rgb[size * size + at] === 1 ? wall.rgb[i]! : value;
    }),
  };
  const alpha = { side: size, planes: [photograph.alpha] };
  const area = {
    side: size,
    planes: [planes(size, (u, v) => [+inFace(u, v), 0, 0]).rgb.slice(0, size * size)],
  };
  const composed = changeFace({
    photograph,
    alpha,
    reconstructed,
    edited,
    colours: asDrawn,
    carry,
    area,
    measuredAt: 256,
  });
  const result = composite(region, renderFace(region, straight, composed, 'source'));
  let loud = 0;
  let moved = 0;
  for (let y = 4; y < side - 4; y++) {
    for (let x = 4; x < side - 4; x++) {
      if (inFace(x / side, y / side)) continue;
      const at = (y * side + x) * 4;
      if (result.data[at + 1]! - result.data[at]! > 0.6 * 65535) loud++;
      if (Math.abs(result.data[at]! - region.data[at]!) > 0.02 * 65535) moved++;
    }
  }
  expect(loud).toBe(0);
  expect(moved).toBeGreaterThan(1000);
});

test('points of a mesh that err do not move the photograph', () => {
  const [from, to] = turned((x) => 0.03 + 0.01 * x);
  const wild = to.map((point, i) => (i % 7 === 0 ? { x: point.x - 0.15, y: point.y } : point));
  const [still, held] = [carryOf(from, to)!, carryOf(from, wild)!];
  const middle = 64 * 128 + 64;
  expect(Math.abs(held.planes[0]![middle]! - still.planes[0]![middle]!)).toBeLessThan(0.004);
});

const inFace = (u: number, v: number): boolean => Math.hypot(u - 0.5, v - 0.5) < 0.22;

/** Points over a face, and where they are after moving to the right by a function of x. */
function turned(by: (x: number) => number): readonly [readonly Point[], readonly Point[]] {
  const points: Point[] = [];
  for (let v = 0.3; v <= 0.7; v += 0.02)
    for (let u = 0.3; u <= 0.7; u += 0.02) points.push({ x: u, y: v });
  return [points, points.map(({ x, y }) => ({ x: x + by(x), y }))];
}

test('a mesh that hardly moved is left alone', () => {
  const points = Array.from({ length: 50 }, (_, i) => ({ x: 0.3 + 0.008 * i, y: 0.5 }));
  expect(
    carryOf(
      points,
      points.map(({ x, y }) => ({ x: x + 0.001, y })),
    ),
  ).toBeNull();
});

test('between keeping the photograph and replacing it lies their mean', () => {
  const region = skin(side, 8);
  const photograph = alignFace(region, quad, size);
  const first = changed(region, withDisc);
  const image = withDisc(reconstruction(photograph));
  const plain = { image, mask: whole, colours: null, matchColour: 0 };
  const second = replaceFace(asItIs(region), quad, plain);
  const at = (keep: number) => renderFace(region, quad, mixFaces(first, second, keep), 'source');
  const [kept, mixed, replaced] = [at(1), at(0.5), at(0)].map(
    (placed) => composite(region, placed).data,
  );
  const centre = 4 * (140 * side + 120);
  for (let i = centre; i < centre + 3; i++) {
    expect(Math.abs(mixed![i]! - (kept![i]! + replaced![i]!) / 2)).toBeLessThan(2);
  }
});

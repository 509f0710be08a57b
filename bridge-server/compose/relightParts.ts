import type { FacePlanes } from '../faces';
import { blur, planesOf, resizeGrid, type Grid } from './grid';
import { meanLight, relit } from './lightGain';
import { along } from './matchColour';

/** Less than this share of a crop says nothing of a part's colour. */
const least = 0.005;
const side = 256;
/** Keeps black and white parts from being taken for coloured ones. */
const dark = 2e-3;

/** What a crop shows of a head, each one plane of 0..1. */
export interface HeadParts {
  /** With ears, glasses, earrings. */
  readonly face: Grid;
  /** And a hat. */
  readonly hair: Grid;
  readonly neck: Grid;
  readonly background: Grid;
}

export interface TwoHeads {
  readonly drawn: FacePlanes;
  readonly drawnParts: HeadParts;
  readonly photograph: FacePlanes;
  readonly parts: HeadParts;
}

/**
 * A drawn head in another's light: its skin has the mean light of the other's skin, its hair that of its hair,
 * though neither lies where the other does.
 * @param amount 0..1
 * @returns the drawn picture's planes
 */
export function relightParts(heads: TwoHeads, amount: number): Float32Array {
  const { drawn, drawnParts } = heads;
  const { size, rgb } = drawn;
  const [skin, hair] = [gainOf('face', heads), gainOf('hair', heads)];
  if (amount === 0 || (!skin && !hair)) return rgb;
  const share = blur(resizeGrid(drawnParts.hair, side).planes[0]!, side, 2);
  const isHair = resizeGrid({ side, planes: [share] }, size).planes[0]!;
  const tables = [skin ?? hair!, hair ?? skin!].map((gain) => gain.map(tableOf)) as [
    Float32Array[],
    Float32Array[],
  ];
  const out = rgb.slice();
  for (let c = 0, at = 0; c < 3; c++) {
    const [ofSkin, ofHair] = [tables[0][c]!, tables[1][c]!];
    for (let i = 0; i < isHair.length; i++, at++) {
      const value = rgb[at]!;
      const to = along(ofSkin, value) * (1 - isHair[i]!) + along(ofHair, value) * isHair[i]!;
      out[at] = value + amount * (to - value);
    }
  }
  return out;
}

/** That takes one part's mean light to the other's: `relit` multiplies x / (1 − x). `null` where either says nothing. */
function gainOf(part: 'face' | 'hair', heads: TwoHeads): readonly number[] | null {
  const lightOf = (picture: FacePlanes, parts: HeadParts) =>
    meanLight({ picture: planesOf(picture), share: solid(parts[part]) }, least);
  const has = lightOf(heads.drawn, heads.drawnParts);
  const wanted = lightOf(heads.photograph, heads.parts);
  const odds = (light: number): number => (light + dark) / (1 - light + dark);
  return has && wanted && has.map((light, c) => odds(wanted[c]!) / odds(light));
}

/** Edges hold something of both sides. */
const solid = (grid: Grid): Grid => {
  const { planes } = resizeGrid(grid, side);
  return { side, planes: planes.map((plane) => plane.map((value) => (value > 0.8 ? 1 : 0))) };
};

const steps = 1024;
const tableOf = (gain: number): Float32Array =>
  Float32Array.from({ length: steps + 1 }, (_, i) => relit(i / steps, gain));

import { headReach } from '../../protocol/face';
import type { Point, Quad } from '../../protocol/geometry';
import type { Grid, HeadParts } from '../compose';
import { alignReduced, partPalette, type FacePlanes, type PartsReader } from '../faces';
import { shareOf } from './lookAtHeads';
import type { Source } from './readSource';

/** All that a head takes along when it turns, but what it has on it. */
const ofFace = partPalette
  .map(({ name }) => name)
  .filter((name) => !['background', 'hair', 'hat', 'neck', 'necklace', 'clothing'].includes(name));

export async function readHeadParts(
  image: FacePlanes,
  reader: PartsReader,
  signal: AbortSignal,
): Promise<HeadParts> {
  const [parts] = await reader.read([image], signal);
  return {
    face: shareOf(parts!, ofFace),
    hair: shareOf(parts!, ['hair', 'hat']),
    neck: shareOf(parts!, ['neck']),
    background: shareOf(parts!, ['background']),
  };
}

/**
 * Sources whose placements know where a head goes that replaces theirs. Covered heads are not replaced:
 * the generator draws hair where a headscarf was.
 */
export async function seatHeads(
  sources: readonly Source[],
  reader: PartsReader,
  signal: AbortSignal,
): Promise<readonly Source[]> {
  return Promise.all(
    sources.map(async ({ encoderSource, placement }) => {
      const { face, head, wears, seen, photograph } = placement;
      const reach = face ? headReach(face) : 0;
      if (reach === 0 || !head || wears?.hat) return { encoderSource, placement };
      const beside = middleOf(head) - 0.5;
      const share = reach < 0 ? clamp(beside, reach, 0) : clamp(beside, 0, reach);
      const quad = shiftAlong(placement.quad, share);
      const { size } = photograph;
      const { rgb, alpha } = alignReduced(seen, quad, size);
      const there = { size, rgb };
      const parts = await readHeadParts(there, reader, signal);
      const seat = {
        quad,
        photograph: there,
        alpha: { side: size, planes: [alpha] },
        parts,
      };
      return { encoderSource, placement: { ...placement, seat } };
    }),
  );
}

/** Rows between a crop's top and the mouth: below it, shoulders and long hair say nothing of the head. */
const mouth = 0.7;

/** The centre of a head down to its mouth, from left to right as a share of the crop's side. */
function middleOf({ side, planes }: Grid): number {
  const share = planes[0]!;
  let [sum, weight] = [0, 0];
  for (let y = 0; y < mouth * side; y++) {
    for (let x = 0; x < side; x++) {
      const value = share[y * side + x]!;
      sum += value * (x + 0.5);
      weight += value;
    }
  }
  return weight > 0 ? sum / weight / side : 0.5;
}

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

function shiftAlong(quad: Quad, share: number): Quad {
  const [a, b] = quad;
  const [dx, dy] = [share * (b.x - a.x), share * (b.y - a.y)];
  const move = ({ x, y }: Point): Point => ({ x: x + dx, y: y + dy });
  return [move(quad[0]), move(quad[1]), move(quad[2]), move(quad[3])];
}

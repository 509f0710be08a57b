import { extremesOf, resizeGrid, type Grid } from '../compose';
import { smoothstep, type FacePlanes, type PartsReader } from '../faces';
import { findPlanes, headParts, wearsHat } from './lookAtHeads';

/** An ear is part of the face, what it wears is not. */
const faceParts = headParts.filter((name) => name !== 'hair' && name !== 'glasses');
/** Shares of parts are this many times surer where pictures meet: at a border each part has half. */
const sureOfParts = 1.5;
/** Strands reach beyond what a blurred photograph shows of hair: into the next one of so many cells a side. */
const strandCells = 48;

/** How far photographs and what is drawn over each of them show the same parts of a head: planes of 0..1. */
export async function findShared(
  photographs: readonly FacePlanes[],
  drawn: readonly FacePlanes[],
  reader: PartsReader,
  signal: AbortSignal,
): Promise<readonly Grid[]> {
  const seen = await findPlanes([...photographs, ...drawn], reader, signal, (parts) => [
    faceParts,
    // Bright hair passes for cloth in part, the more so where it is blurred.
    wearsHat(parts) ? ['hair'] : ['hair', 'hat'],
    ['glasses'],
  ]);
  return drawn.map((_, i) => sharedShare(seen[i]!, seen[photographs.length + i]!));
}

/**
 * Where both show the same of skin and features, hair, and glasses, a plane each: a drawn ear before the photograph's
 * wall, hair over a scarf or a stud on a bare lobe are detail of something else.
 */
export function sharedShare({ side, planes }: Grid, drawn: Grid): Grid {
  const [skin, hair, glasses] = planes;
  const [most] = extremesOf({ side, planes: [hair!] }, strandCells).greatest;
  const [strands] = resizeGrid({ side: strandCells, planes: [most!] }, side).planes;
  const shared = new Float32Array(side * side);
  [skin!, strands!, glasses!].forEach((plane, part) => {
    const other = drawn.planes[part]!;
    for (let i = 0; i < shared.length; i++) shared[i]! += Math.min(plane[i]!, other[i]!);
  });
  return { side, planes: [shared.map((value) => smoothstep(sureOfParts * value))] };
}

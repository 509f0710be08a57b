import { membrane } from './membrane';
import { resizeGrid, type Grid } from './grid';

/** Cells around a patch's middle. */
const radius = 2;
const width = 2 * radius + 1;
/** Sides from which filling starts, and rounds on each side from there: what is coarse settles first. */
const coarsest = 32;
const rounds = [12, 8, 4, 2] as const;
/** Of a patch's difference, for one that is taken from a whole crop away: nearer things are in the same light. */
const distance = 0.1;
/** Cells of which more than this is to be filled are. */
const least = 0.02;
/** With fewer places to take patches from, there is nothing to be learned from them. */
const fewestSources = 64;

/**
 * Fills cells with what is around them: patches that look like their neighbourhood, taken from elsewhere in the
 * picture, from coarse to fine (Wexler, Shechtman, Irani 2007; found by propagation and search around what
 * was found, Barnes et al. 2009). The same picture is always filled alike.
 * @param picture three planes of 0..1
 * @param hole side²: above 0 is filled
 * @param source side²: 1 where patches may come from
 * @returns the planes, changed in the hole only
 */
export function fillPatches(picture: Grid, hole: Float32Array, source: Uint8Array): Grid {
  const { side } = picture;
  const known = Float32Array.from(source);
  const smooth: Grid = { side, planes: membrane(picture.planes, known, side) };
  if (hole.every((value) => value <= least)) return picture;
  const sides: number[] = [];
  for (let s = side; s >= coarsest; s /= 2) sides.unshift(s);
  let found: Field | null = null;
  let level: Level | null = null;
  for (const [step, s] of sides.entries()) {
    const next = levelOf(s, picture, smooth, hole, known);
    if (next.sources.length < fewestSources) continue;
    if (level) startFrom(level, next);
    found = found && level ? enlarged(found, level, next) : scattered(next);
    level = next;
    const count = rounds[step + rounds.length - sides.length] ?? rounds.at(-1)!;
    for (let round = 0; round < count; round++) {
      improve(next, found, round);
      vote(next, found);
    }
  }
  if (!level || level.side !== side) return smooth;
  const { pixels } = level;
  return {
    side,
    planes: [0, 1, 2].map((c) => Float32Array.from(hole, (_, i) => pixels[i * 3 + c]!)),
  };
}

interface Level {
  readonly side: number;
  /** Interleaved. */
  readonly pixels: Float32Array;
  readonly hole: Uint8Array;
  /** Middles of patches that hold something of the hole, in reading order. */
  readonly middles: Int32Array;
  /** Where in `middles` a cell is; −1 where it is not. */
  readonly place: Int32Array;
  /** Middles of patches that are wholly known. */
  readonly sources: Int32Array;
  readonly isSource: Uint8Array;
  readonly random: () => number;
}

/** Where each middle's patch comes from, and how far that is from what is there. */
interface Field {
  readonly from: Int32Array;
  readonly cost: Float32Array;
}

function levelOf(
  side: number,
  picture: Grid,
  smooth: Grid,
  holeShare: Float32Array,
  known: Float32Array,
): Level {
  const at = (plane: Float32Array): Float32Array =>
    resizeGrid({ side: picture.side, planes: [plane] }, side).planes[0]!;
  const hole = Uint8Array.from(at(holeShare), (value) => (value > least ? 1 : 0));
  const there = at(known);
  const [own, start] = [resizeGrid(picture, side).planes, resizeGrid(smooth, side).planes];
  const pixels = new Float32Array(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    const planes = hole[i] === 1 ? start : own;
    for (let c = 0; c < 3; c++) pixels[i * 3 + c] = planes[c]![i]!;
  }
  const place = new Int32Array(side * side).fill(-1);
  const isSource = new Uint8Array(side * side);
  const [middles, sources]: [number[], number[]] = [[], []];
  for (let y = radius; y < side - radius; y++) {
    for (let x = radius; x < side - radius; x++) {
      const i = y * side + x;
      let [some, all] = [false, true];
      for (let dy = -radius; dy <= radius; dy++) {
        for (let j = i + dy * side - radius; j <= i + dy * side + radius; j++) {
          if (hole[j] === 1) some = true;
          if (hole[j] === 1 || there[j]! < 0.99) all = false;
        }
      }
      if (some) place[i] = middles.push(i) - 1;
      if (!all) continue;
      isSource[i] = 1;
      sources.push(i);
    }
  }
  const plain = { side, pixels, hole, place, isSource };
  const lists = { middles: Int32Array.from(middles), sources: Int32Array.from(sources) };
  return { ...plain, ...lists, random: randomOf(side) };
}

/** Uniform in 0..1, the same on every machine (Park & Miller 1988). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function scattered(level: Level): Field {
  const { middles, sources, random } = level;
  const from = Int32Array.from(middles, () => sources[Math.floor(random() * sources.length)]!);
  return { from, cost: new Float32Array(from.length) };
}

/** What was found on the level before, twice as fine. */
function enlarged(found: Field, before: Level, level: Level): Field {
  const { side, middles, sources, isSource, random } = level;
  const from = Int32Array.from(middles, (i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    const coarse = before.place[(y >> 1) * before.side + (x >> 1)]!;
    if (coarse >= 0) {
      const source = found.from[coarse]!;
      const [sx, sy] = [source % before.side, Math.floor(source / before.side)];
      const fine = (2 * sy + (y & 1)) * side + 2 * sx + (x & 1);
      if (isSource[fine] === 1) return fine;
    }
    return sources[Math.floor(random() * sources.length)]!;
  });
  return { from, cost: new Float32Array(from.length) };
}

/** The hole's colours, from the level before. */
function startFrom(before: Level, level: Level): void {
  const planes = [0, 1, 2].map((c) =>
    Float32Array.from(before.hole, (_, i) => before.pixels[i * 3 + c]!),
  );
  const start = resizeGrid({ side: before.side, planes }, level.side).planes;
  level.hole.forEach((is, i) => {
    if (is === 0) return;
    for (let c = 0; c < 3; c++) level.pixels[i * 3 + c] = start[c]![i]!;
  });
}

/** A pass over all patches: each tries what its neighbours found, then places around its own. */
function improve(level: Level, field: Field, round: number): void {
  const { side, middles, place, isSource, random } = level;
  const { from, cost } = field;
  for (let k = 0; k < from.length; k++) cost[k] = costOf(level, middles[k]!, from[k]!, Infinity);
  for (const back of [false, true]) {
    const step = back ? -1 : 1;
    for (let n = 0; n < middles.length; n++) {
      const k = back ? middles.length - 1 - n : n;
      const i = middles[k]!;
      const attempt = (source: number): void => {
        if (source < 0 || source >= isSource.length || isSource[source] !== 1) return;
        const value = costOf(level, i, source, cost[k]!);
        if (value >= cost[k]!) return;
        cost[k] = value;
        from[k] = source;
      };
      for (const neighbour of [step, step * side]) {
        const other = place[i - neighbour] ?? -1;
        if (other >= 0) attempt(from[other]! + neighbour);
      }
      for (let reach = side / 2; reach >= 1; reach /= 2) {
        const best = from[k]!;
        const x = (best % side) + Math.round((2 * random() - 1) * reach);
        const y = Math.floor(best / side) + Math.round((2 * random() - 1) * reach);
        if (x >= 0 && x < side && y >= 0) attempt(y * side + x);
      }
    }
    if (round % 2 === 1) break;
  }
}

/** Squared difference of two patches, and a little for how far they are apart. */
function costOf({ side, pixels }: Level, to: number, from: number, limit: number): number {
  const dx = (to % side) - (from % side);
  const dy = Math.floor(to / side) - Math.floor(from / side);
  let sum = (distance * (dx * dx + dy * dy)) / (side * side);
  const row = side * 3;
  let a = (to - radius * side - radius) * 3;
  let b = (from - radius * side - radius) * 3;
  for (let y = 0; y < width; y++, a += row, b += row) {
    for (let x = 0; x < width * 3; x++) {
      const difference = pixels[a + x]! - pixels[b + x]!;
      sum += difference * difference;
    }
    if (sum >= limit) return sum;
  }
  return sum;
}

/** Every cell of the hole becomes the mean of what the patches over it say, the likelier ones first. */
function vote({ side, pixels, hole, middles }: Level, { from, cost }: Field): void {
  const sorted = cost.slice().sort();
  const spread = sorted[Math.floor(0.75 * sorted.length)]! + 1e-6;
  const sum = new Float32Array(pixels.length);
  const total = new Float32Array(hole.length);
  for (let k = 0; k < middles.length; k++) {
    const weight = Math.exp(-(2 * cost[k]!) / spread) + 1e-6;
    for (let dy = -radius; dy <= radius; dy++) {
      let i = middles[k]! + dy * side - radius;
      let j = from[k]! + dy * side - radius;
      for (let dx = 0; dx < width; dx++, i++, j++) {
        if (hole[i] === 0) continue;
        total[i]! += weight;
        for (let c = 0; c < 3; c++) sum[i * 3 + c]! += weight * pixels[j * 3 + c]!;
      }
    }
  }
  for (let i = 0; i < hole.length; i++) {
    if (hole[i] === 0 || total[i] === 0) continue;
    for (let c = 0; c < 3; c++) pixels[i * 3 + c] = sum[i * 3 + c]! / total[i]!;
  }
}

/**
 * The membrane through scattered values: minimises Σ w·(u − v)² · stiffness + Σ |∇u|², the smooth
 * surface of Poisson blending (Pérez et al. 2003) where w is 1 on a rim and 0 inside it. Cascadic
 * multigrid (Bornemann & Deuflhard 1996): weighted means go down a pyramid, the solution comes up,
 * relaxed by some Gauss–Seidel sweeps on every level, so that the work is a few passes over the cells.
 * @param values planes of side²; read only where `weight` is above 0
 * @param weight side², 0..1: how much each cell says
 */
export function membrane(
  values: readonly Float32Array[],
  weight: Float32Array,
  side: number,
): Float32Array[] {
  if (side <= 4 || side % 2 === 1) {
    const start = values.map((plane) => new Float32Array(plane.length).fill(mean(plane, weight)));
    start.forEach((plane, c) => relax(plane, values[c]!, weight, side, coarsestSweeps));
    return start;
  }
  const half = side / 2;
  const { planes, weight: coarse } = gather(values, weight, side);
  return membrane(planes, coarse, half).map((plane, c) => {
    const finer = spread(plane, half);
    relax(finer, values[c]!, weight, side, sweeps);
    return finer;
  });
}

const sweeps = 8;
const coarsestSweeps = 40;
/** Pull of a value of full weight against its four neighbours: 0.1 % of a difference is left. */
const stiffness = 1000;

function mean(plane: Float32Array, weight: Float32Array): number {
  let sum = 0;
  let total = 1e-12;
  for (let i = 0; i < plane.length; i++) {
    const w = weight[i]!;
    if (w === 0) continue;
    sum += w * plane[i]!;
    total += w;
  }
  return sum / total;
}

function gather(values: readonly Float32Array[], weight: Float32Array, side: number) {
  const half = side / 2;
  const coarse = new Float32Array(half * half);
  const planes = values.map(() => new Float32Array(half * half));
  for (let y = 0, to = 0; y < half; y++) {
    for (let x = 0; x < half; x++, to++) {
      const at = 2 * y * side + 2 * x;
      const [a, b, c, d] = [
        weight[at]!,
        weight[at + 1]!,
        weight[at + side]!,
        weight[at + side + 1]!,
      ];
      const total = a + b + c + d;
      if (total === 0) continue;
      // One cell that knows its value makes a coarse cell known: the rim stays closed.
      coarse[to] = Math.min(1, total);
      planes.forEach((plane, i) => {
        const v = values[i]!;
        let sum = 0;
        if (a > 0) sum += a * v[at]!;
        if (b > 0) sum += b * v[at + 1]!;
        if (c > 0) sum += c * v[at + side]!;
        if (d > 0) sum += d * v[at + side + 1]!;
        plane[to] = sum / total;
      });
    }
  }
  return { planes, weight: coarse };
}

/** Twice the side: ¾ of the nearer cell and ¼ of the farther one along each axis. */
function spread(plane: Float32Array, half: number): Float32Array {
  const side = 2 * half;
  const out = new Float32Array(side * side);
  for (let y = 0, at = 0; y < side; y++) {
    const near = (y >> 1) * half;
    const row = (y >> 1) + (y % 2 === 0 ? -1 : 1);
    const far = (row < 0 ? 0 : row >= half ? half - 1 : row) * half;
    for (let x = 0; x < side; x++, at++) {
      const i = x >> 1;
      const column = i + (x % 2 === 0 ? -1 : 1);
      const j = column < 0 ? 0 : column >= half ? half - 1 : column;
      out[at] =
        0.5625 * plane[near + i]! +
        0.1875 * (plane[near + j]! + plane[far + i]!) +
        0.0625 * plane[far + j]!;
    }
  }
  return out;
}

/** Gauss–Seidel in place; beyond the border the surface is level. */
function relax(
  u: Float32Array,
  values: Float32Array,
  weight: Float32Array,
  side: number,
  times: number,
): void {
  const last = side - 1;
  const goal = new Float32Array(u.length);
  // Of a cell with all its neighbours.
  const gain = new Float32Array(u.length);
  for (let i = 0; i < u.length; i++) {
    const pull = stiffness * weight[i]!;
    if (pull > 0) goal[i] = pull * values[i]!;
    gain[i] = 1 / (4 + pull);
  }
  for (let time = 0; time < times; time++) {
    for (let y = 0; y < side; y++) {
      if (y === 0 || y === last) {
        for (let x = 0; x < side; x++) relaxBorder(u, goal, weight, side, x, y);
        continue;
      }
      relaxBorder(u, goal, weight, side, 0, y);
      let left = u[y * side]!;
      for (let at = y * side + 1; at < y * side + last; at++) {
        left = (left + u[at + 1]! + u[at - side]! + u[at + side]! + goal[at]!) * gain[at]!;
        u[at] = left;
      }
      relaxBorder(u, goal, weight, side, last, y);
    }
  }
}

function relaxBorder(
  u: Float32Array,
  goal: Float32Array,
  weight: Float32Array,
  side: number,
  x: number,
  y: number,
): void {
  const at = y * side + x;
  let sum = goal[at]!;
  let pull = stiffness * weight[at]!;
  if (x > 0) {
    sum += u[at - 1]!;
    pull++;
  }
  if (x < side - 1) {
    sum += u[at + 1]!;
    pull++;
  }
  if (y > 0) {
    sum += u[at - side]!;
    pull++;
  }
  if (y < side - 1) {
    sum += u[at + side]!;
    pull++;
  }
  u[at] = sum / pull;
}

import { fitSide, fitViews } from '../../../bridge-server/likeness';

/** rows · P · columnsᵀ of one plane. */
function look(plane: (x: number, y: number) => number, view: ReturnType<typeof fitViews>[number]) {
  const { side, rows, columns } = view;
  const half = new Float64Array(side * fitSide);
  for (let i = 0; i < side; i += 1) {
    for (let y = 0; y < fitSide; y += 1) {
      const weight = rows[i * fitSide + y]!;
      if (weight === 0) continue;
      for (let x = 0; x < fitSide; x += 1) half[i * fitSide + x]! += weight * plane(x, y);
    }
  }
  return (i: number, j: number): number => {
    let sum = 0;
    for (let x = 0; x < fitSide; x += 1) sum += half[i * fitSide + x]! * columns[j * fitSide + x]!;
    return sum;
  };
}

describe('fitViews', () => {
  it('crop as the score does, and mirror', () => {
    const [plain, mirrored] = fitViews(256);
    const across = look((x) => x + 0.5, plain!);
    const back = look((x) => x + 0.5, mirrored!);
    // The middle of the crop: 0.18 + 0.64 / 2 of the side.
    expect((across(75, 74) + across(75, 75)) / 2).toBeCloseTo(0.5 * 256, 3);
    expect(back(10, 20)).toBeCloseTo(across(10, 149 - 20), 3);
    const down = look((_x, y) => y + 0.5, plain!);
    expect((down(74, 75) + down(75, 75)) / 2).toBeCloseTo((0.285 + 0.32) * 256, 3);
  });

  it('look at nothing finer than the resolution', () => {
    const stripes = (x: number): number => (Math.floor(x / 4) % 2 === 0 ? 1 : -1);
    const sharp = look(stripes, fitViews(256)[0]!);
    const blurred = look(stripes, fitViews(32)[0]!);
    const most = (see: typeof sharp) =>
      Math.max(...Array.from({ length: 100 }, (_, j) => Math.abs(see(75, 20 + j))));
    expect(most(sharp)).toBeGreaterThan(0.9);
    expect(most(blurred)).toBeLessThan(0.01);
    // What is coarse stays, brightness exactly.
    expect(look(() => 0.7, fitViews(50)[2]!)(3, 140)).toBeCloseTo(0.7, 5);
  });
});

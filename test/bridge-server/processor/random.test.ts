import { createRandom } from '../../../bridge-server/processor/random';

test('uniform values are those of the PCG authors’ demo (pcg32-demo, seed 42, stream 54)', () => {
  const random = createRandom(42);
  const values = Array.from({ length: 6 }, () => random.uint32());
  expect(values).toEqual([0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e]);
});

test('normal values never change for a seed (recorded once, by this code)', () => {
  expect([...createRandom(7).normal(4)]).toEqual([
    1.8661556243896484, -1.0171762704849243, -0.5404412150382996, 0.29223355650901794,
  ]);
});

test('normal values have the moments of N(0, 1)', () => {
  const values = createRandom(1).normal(100_000);
  const moment = (power: number): number =>
    values.reduce((sum, value) => sum + value ** power, 0) / values.length;
  expect(moment(1)).toBeCloseTo(0, 1);
  expect(moment(2)).toBeCloseTo(1, 1);
  expect(moment(4)).toBeCloseTo(3, 0);
});

import { cosineTransform } from '../../../bridge-server/likeness/cosineTransform';

/** Σ Σ plane(x, y) · cos((x + ½) · u · π / n) · cos((y + ½) · v · π / n), as it is written. */
function asWritten(plane: Float32Array, n: number, u: number, v: number): number {
  const wave = (i: number, k: number): number => Math.cos(((i + 0.5) * k * Math.PI) / n);
  return plane.reduce(
    (sum, value, at) => sum + value * wave(at % n, u) * wave(Math.floor(at / n), v),
    0,
  );
}

test.each([1, 3, 16, 24])('is the sum that defines it, for %d values a side', (size) => {
  const plane = Float32Array.from({ length: size * size }, (_, i) => ((i * 7919) % 997) / 997);
  const spectrum = cosineTransform(plane, size);
  spectrum.forEach((value, at) => {
    expect(value).toBeCloseTo(asWritten(plane, size, at % size, Math.floor(at / size)), 3);
  });
});

import {
  createPlacingStore,
  type PlacedBefore,
} from '../../../bridge-server/processor/placingStore';
import { asItIs } from '../../../bridge-server/faces';
import { superResolve } from '../../../bridge-server/operations/super-resolve';

const latents = { data: new Float32Array(1), shape: [1, 1] } as const;

/** About 1 MB. */
function entry(placed: Partial<PlacedBefore['placement']> = {}): PlacedBefore {
  const pixels = { width: 256, height: 256, data: new Uint8Array(4 * 256 * 256) };
  const photograph = { size: 1, rgb: new Float32Array(3) };
  const edited = { size: 256, rgb: new Float32Array(3 * 256 * 256) };
  return {
    drawn: {
      edited,
      reconstructed: null,
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
    },
    placement: {
      pixels,
      seen: asItIs(pixels),
      enlargement: 1,
      bounds: { left: 0, top: 0, right: 256, bottom: 256 },
      quad: [
        { x: 0, y: 0 },
        { x: 256, y: 0 },
        { x: 256, y: 256 },
        { x: 0, y: 256 },
      ],
      face: null,
      hole: null,
      selection: null,
      photograph,
      alpha: { side: 1, planes: [new Float32Array(1)] },
      parameters: {},
      ...placed,
    },
    declaration: superResolve.declaration,
    parameters: {},
    said: {
      name: 'n',
      faceNumber: null,
      variant: 1,
      seed: null,
      model: 'm',
      identity: null,
      latents,
      source: latents,
    },
  };
}

test('keeps what was used last, within its bytes', () => {
  const store = createPlacingStore(2.5 * 2 ** 20);
  const [first, second] = [store.keep(entry()), store.keep(entry())];
  expect(store.find(first)).toBeDefined();
  const third = store.keep(entry());
  expect(() => store.find(second)).toThrow('Run the operation again');
  expect(store.find(first)).toBeDefined();
  expect(store.find(third)).toBeDefined();
});

test('what is larger than the store is not kept', () => {
  const store = createPlacingStore(1000);
  const key = store.keep(entry());
  expect(() => store.find(key)).toThrow('no longer kept');
});

test('masks and parts of a face count too, what is shared once', () => {
  const side = 512;
  const plane = new Float32Array(side * side);
  const isKeptBeside = (planes: readonly Float32Array[]): boolean => {
    const store = createPlacingStore(3.5 * 2 ** 20);
    const first = store.keep(entry());
    const second = store.keep(entry({ hair: { side, planes } }));
    expect(store.find(second)).toBeDefined();
    try {
      return Boolean(store.find(first));
    } catch {
      return false;
    }
  };
  expect(isKeptBeside([plane, plane])).toBe(true);
  expect(isKeptBeside([plane, plane.slice()])).toBe(false);
});

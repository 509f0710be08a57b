import { photographQuestion, scalesFor } from '../../../bridge-server/likeness';

describe('scalesFor', () => {
  it('weighs only scales that the picture tells apart', () => {
    expect(scalesFor(256)).toEqual([0.25, 0.25, 0.25, 0.25, 0]);
    expect(scalesFor(128)).toEqual([0, 0.25, 0.25, 0.25, 0.25]);
    expect(scalesFor(60)).toEqual([0, 0, 1 / 3, 1 / 3, 1 / 3]);
    expect(scalesFor(32)).toEqual([0, 0, 0, 0.5, 0.5]);
    expect(scalesFor(8)).toEqual([0, 0, 0, 0, 1]);
  });
});

describe('photographQuestion', () => {
  const picture = new Float32Array(3 * 256 * 256);
  const identityAt = (resolution: number, person = true): number =>
    photographQuestion(picture, { known: null, resolution, person }).balance.identity;

  it('asks for the person only where the photograph tells who it is', () => {
    expect([identityAt(32), identityAt(64)]).toEqual([0, 0]);
    expect(identityAt(96)).toBeCloseTo(identityAt(256) / 2, 5);
    expect(identityAt(128)).toBe(identityAt(256));
  });

  it('does not ask for a person whom the photograph keeps by itself', () => {
    expect(identityAt(256, false)).toBe(0);
  });
});

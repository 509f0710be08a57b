import { scalesFor } from '../../../bridge-server/likeness';

describe('scalesFor', () => {
  it('weighs only scales that the picture tells apart', () => {
    expect(scalesFor(256)).toEqual([0.25, 0.25, 0.25, 0.25, 0]);
    expect(scalesFor(128)).toEqual([0, 0.25, 0.25, 0.25, 0.25]);
    expect(scalesFor(60)).toEqual([0, 0, 1 / 3, 1 / 3, 1 / 3]);
    expect(scalesFor(32)).toEqual([0, 0, 0, 0.5, 0.5]);
    expect(scalesFor(8)).toEqual([0, 0, 0, 0, 1]);
  });
});

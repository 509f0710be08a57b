import type { Job } from '../../../plugin/core/job';
import { learnLikenessTimes } from '../../../plugin/core/likenessTimes';
import { Observable } from '../../../plugin/core/observable';
import { defaultSettings } from '../../../plugin/core/settings';
import { frontalize } from '../../support/fakeBridge';

const done = (
  id: number,
  likeness: string,
  result: { readonly workMs: number; readonly faces?: number; readonly glimpses?: number },
): Job => ({
  id,
  target: {} as Job['target'],
  order: { operation: frontalize, parameters: { likeness } } as unknown as Job['order'],
  run: { id, number: 1, count: 1 },
  state: { kind: 'done', result: { layers: [], earlier: [], faces: 1, glimpses: 0, ...result } },
});

test('what a face took is kept by operation and likeness; a fit that was remembered, or two faces, say nothing', () => {
  const jobs = new Observable<readonly Job[]>([]);
  const settings = new Observable(defaultSettings);
  const stop = learnLikenessTimes(jobs, settings);
  jobs.set([done(1, 'close', { workMs: 4100.4, glimpses: 12 }), done(2, 'fast', { workMs: 900 })]);
  expect(settings.value.likenessMs).toEqual({ frontalize: { close: 4100, fast: 900 } });
  jobs.set([
    done(3, 'close', { workMs: 300, glimpses: 0 }),
    done(4, 'closest', { workMs: 60_000, glimpses: 90, faces: 2 }),
  ]);
  expect(settings.value.likenessMs).toEqual({ frontalize: { close: 4100, fast: 900 } });
  stop();
  jobs.set([done(5, 'close', { workMs: 1, glimpses: 12 })]);
  expect(settings.value.likenessMs).toEqual({ frontalize: { close: 4100, fast: 900 } });
});

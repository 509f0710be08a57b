import { runBatch } from '../../../bridge-server/cli/batch/runBatch';
import { PspError } from '../../../protocol/errors';

const items = ['a.jpg', 'b.jpg', 'c.jpg'].map((input) => ({ input }) as never);

/** @param systemCode why the system refuses the first result */
async function endedBy(systemCode: string) {
  const cause = Object.assign(new Error(systemCode), { syscall: 'write', code: systemCode });
  return runBatch(items, {
    jobs: 1,
    signal: new AbortController().signal,
    run: async () => {
      throw new PspError('OUTPUT_FAILED', 'It cannot be written.', { cause });
    },
    onState: () => undefined,
    onEnd: async () => undefined,
  });
}

test('a full disk ends the run, and the rest is left for the next', async () => {
  const { result, stopped } = await endedBy('ENOSPC');
  expect(stopped?.code).toBe('OUTPUT_FAILED');
  expect(result).toMatchObject({ failed: [], remaining: ['a.jpg', 'b.jpg', 'c.jpg'] });
});

test('one folder that may not be written into does not', async () => {
  const { result, stopped } = await endedBy('EACCES');
  expect(stopped).toBeNull();
  expect(result.failed).toHaveLength(3);
});

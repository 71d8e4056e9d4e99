import { describe, expect, test } from '@jest/globals';
import { SESSION, startJob } from '../../support/action.ts';

describe('a step that has failed', () => {
  test('does not live on in a call that nobody waits for any more', async () => {
    const { emulator, job } = await startJob();
    emulator.faults.add({ kind: 'hang', operation: 'GetCallerIdentity', times: Number.POSITIVE_INFINITY });
    emulator.faults.add({
      kind: 'refuse-with',
      operation: 'GetSessionToken',
      status: 403,
      code: 'InvalidClientTokenId',
      message: 'The security token included in the request is invalid.',
    });
    const begin = Date.now();
    const { exitCode, commands } = await job.step({ inputs: SESSION });
    expect(exitCode).toBe(1);
    expect(commands.filter(({ name }) => name === 'error')).toHaveLength(1);
    // The identity's own timeout would be 15 s, and its retries many times that.
    expect(Date.now() - begin).toBeLessThan(5_000);
  });
});

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Request } from '../../../src/core/request.ts';
import { requestOf, WITH_SEED } from '../../kit/requests.ts';

const PLATFORM = process.platform;
let temp = '';

beforeEach(() => {
  temp = realpathSync.native(mkdtempSync(join(tmpdir(), 'requested-')));
});

afterEach(() => {
  Object.defineProperty(process, 'platform', { value: PLATFORM });
  rmSync(temp, { recursive: true });
});

/** A request for so many profiles, `p-000` and so on, in files of the job. */
async function requestFor(count: number): Promise<Request> {
  const given = { ...WITH_SEED, roles: 'a = deploy', 'profiles-location': 'temp' };
  const request = await requestOf(given);
  const [role] = request.roles ?? [];
  if (role === undefined) throw new Error('the request has a role');
  const names = Array.from({ length: count - 1 }, (_, index) => `p-${String(index).padStart(3, '0')}`);
  return { ...request, roles: [{ ...role, name: 'first' }, ...names.map((name) => ({ ...role, name }))] };
}

/** The check as it is on another system. */
async function checkOn(platform: string): Promise<(request: Request) => Promise<unknown>> {
  Object.defineProperty(process, 'platform', { value: platform });
  const { promise, resolve } = Promise.withResolvers<typeof import('../../../src/github/requested-profiles.ts')>();
  await jest.isolateModulesAsync(async () => resolve(await import('../../../src/github/requested-profiles.ts')));
  const { checkRequested } = await promise;
  return (request) => checkRequested(request, { RUNNER_TEMP: temp }, async () => undefined);
}

// The state of the post step is one variable of its environment: 128 KiB on Linux, 32,766 characters on Windows.
describe('more profiles than fit into the state of the post step are refused', () => {
  test.each([
    ['linux', 535, 540],
    ['darwin', 535, 540],
    ['win32', 126, 130],
  ])('on %s: %i fit, %i do not', async (platform, few, many) => {
    const check = await checkOn(platform);
    expect(await check(await requestFor(few))).toEqual([]);
    const request = await requestFor(many);
    await expect(check(request)).rejects.toMatchObject({
      code: 'profile-unwritable',
      facts: { reason: 'too-many', count: many },
    });
  });
});

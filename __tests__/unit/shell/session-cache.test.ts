import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Session } from '../../../src/core/ports.ts';
import { parseCached } from '../../../src/shell/cached-session.ts';
import { clearCache, keyOf, type Terms, withCache } from '../../../src/shell/session-cache.ts';
import { testNeeding } from '../../kit/platform.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { ageLocks, failureOf, freshFolder, modeOf } from './folders.ts';
import { NOW, SESSION, TERMS } from './sessions.ts';

const MINUTE = 60_000;

interface Cache {
  readonly folder: string;
  /** The path of the session for TERMS. */
  readonly path: string;
  /** What came of each request: a session from the cache, or a new one. */
  request(now: number, options?: { readonly terms?: Terms; readonly session?: Session }): Promise<'cached' | 'new'>;
  /** Each pause while waiting, and each word about it. */
  readonly waits: (number | 'said')[];
  readonly uncached: unknown[];
}

function cacheIn(folder: string, onPause: (pauses: number) => void = () => undefined): Cache {
  const waits: (number | 'said')[] = [];
  const uncached: unknown[] = [];
  return {
    folder,
    path: join(folder, `session-${keyOf(TERMS)}.json`),
    waits,
    uncached,
    request: async (now, { terms = TERMS, session = SESSION } = {}) => {
      let obtained = false;
      const result = await withCache(
        terms,
        async () => {
          obtained = true;
          return session;
        },
        {
          folder,
          now: () => now,
          onUncached: (failure) => uncached.push(failure.facts),
          waiting: {
            patienceSeconds: 60,
            onWait: () => waits.push('said'),
            sleep: async (milliseconds) => {
              onPause(waits.push(milliseconds));
            },
          },
        },
      );
      expect(result).toEqual(session);
      return obtained ? 'new' : 'cached';
    },
  };
}

/** A session that lasts for so many minutes from NOW on. */
function lasting(minutes: number): Session {
  return { ...SESSION, credentials: { ...SESSION.credentials, expiration: new Date(NOW + minutes * MINUTE) } };
}

/** A cache that has a session already. */
async function filled(session: Session = SESSION): Promise<Cache> {
  const cache = cacheIn(freshFolder());
  expect(await cache.request(NOW, { session })).toBe('new');
  return cache;
}

describe('a session in the cache', () => {
  test('is used for the same terms', async () => {
    expect(await (await filled()).request(NOW)).toBe('cached');
  });

  test.each([
    [60, 40],
    [129_600 / 60, 129_600 / 60 - 20],
    [61, 41],
    [30, 20],
    [15, 10],
  ])('that lasts for %d minutes is used for %d', async (minutes, used) => {
    const session = lasting(minutes);
    const cache = await filled(session);
    expect(await cache.request(NOW + used * MINUTE, { session })).toBe('cached');
    expect(await cache.request(NOW + used * MINUTE + 1, { session })).toBe('new');
  });

  test('of a clock that was corrected by seconds is used, but none from the future', async () => {
    const cache = await filled();
    expect(await cache.request(NOW - MINUTE)).toBe('cached');
    expect(await cache.request(NOW - MINUTE - 1)).toBe('new');
  });

  test('of a role, and without a device, is used as it was', async () => {
    const session: Session = {
      ...SESSION,
      by: 'AssumeRole',
      serial: undefined,
      identity: { account: '123456789012', arn: 'arn:aws:sts::123456789012:assumed-role/deploy/ci' },
    };
    const cache = await filled(session);
    expect(await cache.request(NOW, { session })).toBe('cached');
  });

  test('is not kept if nobody knows when it expires', async () => {
    const session = { ...SESSION, credentials: { ...SESSION.credentials, expiration: undefined } };
    const cache = await filled(session);
    expect(readdirSync(cache.folder)).toEqual([]);
  });

  test('is one file, named after the terms and without any of them', async () => {
    const cache = await filled();
    expect(readdirSync(cache.folder)).toEqual([expect.stringMatching(/^session-[0-9a-f]{64}\.json$/)]);
  });

  testNeeding('file modes')('is a file that nobody else can read', async () => {
    expect(modeOf((await filled()).path)).toBe('600');
  });

  test.each([
    ['is empty', ''],
    ['was cut off', '{"obtained":1'],
    ['contains a list', '[]'],
    ['contains null', 'null'],
  ])('is replaced if its file %s', async (_, text) => {
    const cache = await filled();
    writeFileSync(cache.path, text);
    expect(await cache.request(NOW)).toBe('new');
    expect(await cache.request(NOW)).toBe('cached');
  });

  testNeeding('file modes').each([0o640, 0o604, 0o602, 0o610, 0o644])(
    'is replaced if others could access its file: %o',
    async (mode) => {
      const cache = await filled();
      chmodSync(cache.path, mode);
      expect(await cache.request(NOW)).toBe('new');
      expect(modeOf(cache.path)).toBe('600');
    },
  );

  testNeeding('foreign files')('is replaced if it belongs to another user', async () => {
    const cache = await filled();
    chownSync(cache.path, 12_345, 12_345);
    expect(await cache.request(NOW)).toBe('new');
    expect(await cache.request(NOW)).toBe('cached');
  });

  test('that cannot be written is used all the same', async () => {
    const cache = cacheIn(freshFolder());
    mkdirSync(cache.path);
    expect(await cache.request(NOW)).toBe('new');
    expect(cache.uncached).toEqual([
      { reason: 'system', path: cache.path, error: expect.stringMatching(/EISDIR|EPERM/) },
    ]);
    expect(readdirSync(cache.folder)).toHaveLength(1);
  });

  test('that has expired is removed when another one is written, with what a killed process has left', async () => {
    const cache = await filled();
    const leftover = `${cache.path}.aws-mfa-credentials-0123456789abcdef.tmp`;
    writeFileSync(leftover, '', { mode: 0o600 });
    const session = lasting(120);
    await cache.request(NOW + 59 * MINUTE, { terms: 'other', session });
    expect(readdirSync(cache.folder)).toHaveLength(3);
    await cache.request(NOW + 60 * MINUTE, { terms: 'third', session });
    expect(readdirSync(cache.folder).sort()).toEqual(
      ['other', 'third'].map((terms) => `session-${keyOf(terms)}.json`).sort(),
    );
  });
});

describe('a failure to obtain a session', () => {
  test('is passed on, and the next process tries again at once', async () => {
    const { folder, request } = cacheIn(freshFolder());
    const waiting = { patienceSeconds: 0, onWait: () => undefined, sleep: async () => undefined };
    const failing = (): Promise<Session> => Promise.reject(new Error('refused'));
    const context = { folder, now: () => NOW, waiting, onUncached: () => undefined };
    await expect(withCache(TERMS, failing, context)).rejects.toThrow('refused');
    expect(readdirSync(folder)).toEqual([]);
    expect(await request(NOW)).toBe('new');
  });
});

describe('a process that finds another one obtaining the session', () => {
  test('waits as long as its patience, says so once after two seconds, and fails', async () => {
    const cache = cacheIn(freshFolder());
    mkdirSync(`${cache.path}.lock`);
    const failure = await failureOf(() => cache.request(NOW));
    expect(failure).toMatchObject({
      code: 'cache-unusable',
      facts: { reason: 'held', path: cache.path, seconds: 60 },
    });
    const pauses = cache.waits.filter((wait) => wait !== 'said');
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBe(60_000);
    expect(cache.waits.flatMap((wait, index) => (wait === 'said' ? [index * 50] : []))).toEqual([2_000]);
  });

  test('uses the session as soon as it is there, and does not wait for the lock', async () => {
    const written = await filled();
    const cache: Cache = cacheIn(freshFolder(), (pauses) => {
      if (pauses === 3) renameSync(written.path, cache.path);
    });
    mkdirSync(`${cache.path}.lock`);
    expect(await cache.request(NOW)).toBe('cached');
    expect(cache.waits).toEqual([50, 50, 50]);
  });

  test('takes over if that one is dead', async () => {
    const cache = cacheIn(freshFolder());
    mkdirSync(`${cache.path}.lock`);
    ageLocks(cache.folder);
    expect(await cache.request(NOW)).toBe('new');
    expect(cache.waits).toEqual([]);
    expect(readdirSync(cache.folder)).toHaveLength(1);
  });

  test('fails if there can be no lock', async () => {
    const cache = cacheIn(freshFolder());
    const elsewhere = join(cache.folder, 'file');
    writeFileSync(elsewhere, '');
    const failure = await failureOf(() => cacheIn(elsewhere).request(NOW));
    expect(failure).toMatchObject({ code: 'cache-unusable', facts: { reason: 'system' } });
  });
});

describe('the key of a session', () => {
  test('is the same for the same terms in another order, and for what was not given', () => {
    expect(keyOf({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(keyOf({ b: { c: [1, 2] }, a: 1 }));
    expect(keyOf({ a: 1 })).toBe(createHash('sha256').update('[1,{"a":1}]').digest('hex'));
  });

  test('is another one for other terms', () => {
    const all: readonly Terms[] = [{ a: 1 }, { a: '1' }, { a: null }, { a: [1] }, { a: 2 }, { b: 1 }, {}, [], null, ''];
    expect(new Set(all.map(keyOf)).size).toBe(all.length);
    expect(keyOf({ serials: ['a', 'b'] })).not.toBe(keyOf({ serials: ['b', 'a'] }));
  });
});

describe('to clear the cache', () => {
  test('removes all sessions and what killed processes have left, and nothing else', async () => {
    const cache = await filled();
    await cache.request(NOW, { terms: 'other' });
    writeFileSync(`${cache.path}.aws-mfa-credentials-0123456789abcdef.tmp`, 'x', { mode: 0o600 });
    mkdirSync(join(cache.folder, `session-${keyOf('third')}.json.lock`));
    ageLocks(cache.folder);
    writeFileSync(join(cache.folder, 'codes.json'), '{}');
    expect(clearCache(cache.folder)).toBe(2);
    expect(readdirSync(cache.folder)).toEqual(['codes.json']);
    expect(clearCache(cache.folder)).toBe(0);
  });

  test('fails with the reason if there is no cache', async () => {
    const folder = join(freshFolder(), 'none');
    expect(await failureOf(() => clearCache(folder))).toMatchObject({
      code: 'cache-unusable',
      facts: { reason: 'system', path: folder, error: expect.stringContaining('ENOENT') },
    });
  });
});

describe('a file of the cache is not read if', () => {
  const changed = async (change: Readonly<Record<string, unknown>>): Promise<unknown> =>
    parseCached(JSON.stringify({ ...JSON.parse(readFileSync((await filled()).path, 'utf8')), ...change }));

  test.each<readonly [string, unknown]>([
    ['obtained', undefined],
    ['obtained', '1'],
    ['expiration', '2027-01-15T09:00:00Z'],
    ['expiration', 1e300],
    ['accessKeyId', 'ASIA=\n'],
    ['secretAccessKey', ''],
    ['secretAccessKey', 'a\nb'],
    ['sessionToken', null],
    ['arn', 'arn:aws:s3:::bucket'],
    ['by', 'constructor'],
    ['by', 1],
    ['serial', 1],
    ['serial', 'x'.repeat(257)],
  ])('%s is %j', async (name, value) => {
    expect(await changed({ [name]: value })).toBeUndefined();
  });

  test('it contains any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(parseCached(text)).toBeUndefined();
      }),
      propertyRuns(100),
    );
  });
});

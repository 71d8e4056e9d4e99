import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../src/core/codes/situation.ts';
import type { Memory } from '../../../src/core/ports.ts';
import { type CodeMemory, openCodeMemory } from '../../../src/shell/code-memory.ts';
import type { Waiting } from '../../../src/shell/shared-lock.ts';
import { testNeeding } from '../../kit/platform.ts';
import { failureOf, freshFolder, modeOf } from './folders.ts';

const ATTEMPT: Attempt = {
  serial: 'arn:aws:iam::123456789012:mfa/ci',
  step: 60_000_000,
  at: 1_800_000_000_000,
  verdict: 'lost',
};
/** A minute after that code was sent. */
const NOW = ATTEMPT.at + 60_000;
const NOTHING = { clockOffset: 0, attempts: [] };
const SENT = { clockOffset: -75_000, attempts: [ATTEMPT] };

const IMPATIENT: Waiting = { patienceSeconds: 0, onWait: () => undefined, sleep: async () => undefined };

function openIn(folder: string, waiting: Waiting = IMPATIENT): CodeMemory {
  return openCodeMemory(folder, () => NOW, waiting);
}

/** Sends a code, as far as the memory knows. */
const send = async (memory: Memory): Promise<void> => memory.keep(SENT);

/** What it looks like if another process took the lock over. */
function takeOver(folder: string): void {
  const then = new Date(Date.now() - 1_000);
  utimesSync(join(folder, 'codes.json.lock'), then, then);
}

describe('the memory of codes', () => {
  test('is empty at first', () => {
    expect(openIn(freshFolder()).recall()).toEqual(NOTHING);
  });

  test('gives another process what one kept', async () => {
    const folder = freshFolder();
    await openIn(folder).underLock(send);
    expect(openIn(folder).recall()).toEqual(SENT);
    expect(await openIn(folder).underLock(async (memory) => memory.recall())).toEqual(SENT);
  });

  test('is read when the lock is held, not before', async () => {
    const folder = freshFolder();
    const [one, other] = [openIn(folder), openIn(folder)];
    expect(other.recall()).toEqual(NOTHING);
    await one.underLock(send);
    expect(await other.underLock(async (memory) => memory.recall())).toEqual(SENT);
  });

  test('knows at once what was kept', async () => {
    const recalled = await openIn(freshFolder()).underLock(async (memory) => {
      memory.keep(SENT);
      return memory.recall();
    });
    expect(recalled).toEqual(SENT);
  });

  testNeeding('file modes')('is one file that nobody else can read', async () => {
    const folder = freshFolder();
    await openIn(folder).underLock(send);
    expect(readdirSync(folder)).toEqual(['codes.json']);
    expect(modeOf(join(folder, 'codes.json'))).toBe('600');
  });

  test.each(['', 'junk', '[]', '{"attempts":[{"serial":1}]}'])('is empty if its file contains %j', (text) => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'codes.json'), text, { mode: 0o600 });
    expect(openIn(folder).recall()).toEqual(NOTHING);
  });

  test('returns what was obtained under the lock, and frees the lock after a failure', async () => {
    const folder = freshFolder();
    await expect(openIn(folder).underLock(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await openIn(folder).underLock(async () => 'session')).toBe('session');
  });
});

describe('a process that finds another one sending codes', () => {
  test('waits as long as its patience, says so once after two seconds, and fails', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'codes.json.lock'));
    let waited = 0;
    const said: number[] = [];
    const memory = openIn(folder, {
      patienceSeconds: 240,
      onWait: () => said.push(waited),
      // The other one stays alive.
      sleep: async (milliseconds) => {
        waited += milliseconds;
      },
    });
    const failure = await failureOf(() => memory.underLock(send));
    expect(failure).toMatchObject({
      code: 'cache-unusable',
      facts: { reason: 'held', path: join(folder, 'codes.json'), seconds: 240 },
    });
    expect([waited, said]).toEqual([240_000, [2_000]]);
  });

  test('says nothing about a short wait', async () => {
    const folder = freshFolder();
    const lock = join(folder, 'codes.json.lock');
    mkdirSync(lock);
    let waited = 0;
    const memory = openIn(folder, {
      patienceSeconds: 240,
      onWait: () => {
        throw new Error('said');
      },
      sleep: async (milliseconds) => {
        waited += milliseconds;
        if (waited === 1_950) rmSync(lock, { recursive: true });
      },
    });
    await memory.underLock(send);
    expect(waited).toBe(1_950);
  });

  test('stops waiting if it is cancelled', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'codes.json.lock'));
    const cancelled = new Error('cancelled');
    const memory = openIn(folder, { ...IMPATIENT, patienceSeconds: 9, sleep: () => Promise.reject(cancelled) });
    await expect(memory.underLock(send)).rejects.toBe(cancelled);
  });
});

describe('a code', () => {
  test('is not sent if another process has taken the lock over', async () => {
    const folder = freshFolder();
    const failure = await failureOf(() =>
      openIn(folder).underLock(async (memory) => {
        takeOver(folder);
        memory.keep(SENT);
      }),
    );
    expect(failure).toMatchObject({ code: 'cache-unusable', facts: { reason: 'lock-lost' } });
    expect(openIn(folder).recall()).toEqual(NOTHING);
  });

  test('is not sent if it cannot be written down', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'codes.json'));
    const failure = await failureOf(() => openIn(folder).underLock(send));
    expect(failure).toMatchObject({
      code: 'cache-unusable',
      facts: { reason: 'system', path: join(folder, 'codes.json') },
    });
  });

  test('that was accepted gives its session, even if that cannot be written down', async () => {
    const folder = freshFolder();
    const session = await openIn(folder).underLock(async (memory) => {
      memory.keep(SENT);
      takeOver(folder);
      memory.keep({ ...SENT, attempts: [{ ...ATTEMPT, verdict: 'accepted' }] });
      return 'session';
    });
    expect(session).toBe('session');
    expect(openIn(folder).recall()).toEqual(SENT);
  });
});

import fs, { existsSync, mkdirSync, rmdirSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import type { ProfilePaths } from '../../../src/profiles/paths.ts';
import { prepareProfiles } from '../../../src/profiles/profiles.ts';
import { removeProfiles } from '../../../src/profiles/removal.ts';
import { parseWrittenProfiles, type WrittenProfiles } from '../../../src/profiles/written.ts';
import { testNeeding } from '../../kit/platform.ts';
import {
  CI,
  CONFIG_BEFORE,
  CREDENTIALS_BEFORE,
  contents,
  entries,
  failureOf,
  filledPaths,
  freshPaths,
  named,
  startChild,
} from './fixture.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Makes a lock as old as so many seconds. */
function age(lock: string, seconds: number): void {
  const then = new Date(Date.now() - seconds * 1_000);
  utimesSync(lock, then, then);
}

/** Files whose locks a killed step has left behind. */
function lockedPaths(): ProfilePaths {
  const paths = filledPaths();
  for (const path of Object.values(paths)) {
    mkdirSync(`${path}.lock`);
    age(`${path}.lock`, 9);
  }
  return paths;
}

describe('a lock that another step holds', () => {
  test('is waited for at most ten seconds; then the step fails, with nothing changed', async () => {
    const paths = filledPaths();
    mkdirSync(`${paths.credentials}.lock`);
    age(`${paths.credentials}.lock`, -3_600);
    let waited = 0;
    const failure = await failureOf(() =>
      prepareProfiles(paths, [CI], 'refuse', async (milliseconds) => {
        waited += milliseconds;
      }),
    );
    expect(waited).toBe(10_000);
    expect(failure).toMatchObject({
      code: 'profile-locked',
      facts: { reason: 'held', path: paths.credentials, seconds: 10 },
    });
    expect(entries(paths)).toEqual(['config', 'credentials', 'credentials.lock']);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
  });

  test('is taken as soon as it is free', async () => {
    const paths = filledPaths();
    mkdirSync(`${paths.config}.lock`);
    let pauses = 0;
    const prepared = await prepareProfiles(paths, [CI], 'refuse', async () => {
      pauses += 1;
      if (pauses === 3) rmdirSync(`${paths.config}.lock`);
    });
    prepared.release();
    expect(pauses).toBe(3);
  });

  test('is taken over at once if its holder is dead', async () => {
    const paths = filledPaths();
    mkdirSync(`${paths.config}.lock`);
    age(`${paths.config}.lock`, 9);
    const prepared = await prepareProfiles(paths, [CI], 'refuse', () => Promise.reject(new Error('waited')));
    prepared.release();
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('is taken over even if another step was killed while it did so', async () => {
    const paths = filledPaths();
    for (const lock of [`${paths.config}.lock`, `${paths.config}.lock.taking-over`]) {
      mkdirSync(lock);
      age(lock, 9);
    }
    let pauses = 0;
    const prepared = await prepareProfiles(paths, [CI], 'refuse', async () => {
      pauses += 1;
    });
    prepared.release();
    expect(pauses).toBe(1);
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('is fresh as soon as it is taken over, before another step may do so', async () => {
    const paths = filledPaths();
    const lock = `${paths.config}.lock`;
    mkdirSync(lock);
    age(lock, 9);
    const ages: number[] = [];
    const remove = jest.spyOn(fs, 'rmdirSync').mockImplementation((path) => {
      if (path === `${lock}.taking-over`) ages.push(Date.now() - statSync(lock).mtimeMs);
      rmdirSync(path);
    });
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    prepared.release();
    remove.mockRestore();
    expect(ages.map((milliseconds) => milliseconds < 5_000)).toEqual([true]);
  });

  test('is not taken over if another step was faster', async () => {
    const paths = filledPaths();
    const lock = `${paths.config}.lock`;
    mkdirSync(lock);
    age(lock, 9);
    const make = jest.spyOn(fs, 'mkdirSync').mockImplementation((path, options) => {
      const made = mkdirSync(path, options);
      // Between the first look at the lock and the second.
      if (path === `${lock}.taking-over`) age(lock, 0);
      return made;
    });
    const waited = new Error('waited');
    await expect(prepareProfiles(paths, [CI], 'refuse', () => Promise.reject(waited))).rejects.toBe(waited);
    make.mockRestore();
    expect(entries(paths)).toEqual(['config', 'config.lock', 'credentials']);
  });

  test('is waited for without the lock on a later path, for which that step may be waiting', async () => {
    const folder = dirname(filledPaths().config);
    const paths = { config: join(folder, 'z'), credentials: join(folder, 'a') };
    mkdirSync(`${paths.credentials}.lock`);
    const waited = new Error('waited');
    const locks: boolean[] = [];
    const pause = (): Promise<void> => {
      locks.push(existsSync(`${paths.config}.lock`));
      return Promise.reject(waited);
    };
    await expect(prepareProfiles(paths, [CI], 'refuse', pause)).rejects.toBe(waited);
    expect(locks).toEqual([false]);
  });

  test('is not waited for after a cancellation, and nothing stays behind', async () => {
    const paths = freshPaths();
    mkdirSync(dirname(paths.config));
    mkdirSync(`${paths.credentials}.lock`);
    const cancelled = new Error('cancelled');
    await expect(prepareProfiles(paths, [CI], 'refuse', () => Promise.reject(cancelled))).rejects.toBe(cancelled);
    expect(entries(paths)).toEqual(['credentials.lock']);
  });

  test('may vanish together with its folder, which is made again', async () => {
    const paths = freshPaths();
    mkdirSync(`${paths.config}.lock`, { recursive: true });
    const prepared = await prepareProfiles(paths, [CI], 'refuse', async () => {
      if (!existsSync(`${paths.config}.lock`)) return;
      rmdirSync(`${paths.config}.lock`);
      rmdirSync(dirname(paths.config));
    });
    prepared.commit();
    prepared.release();
    expect(await removeProfiles(prepared.written)).toEqual([{ kind: 'removed', names: ['ci'] }]);
    expect(entries(paths)).toEqual([]);
  });
});

describe('a lock that this step holds', () => {
  test('stays fresh for as long as it is held', async () => {
    jest.useFakeTimers();
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    jest.advanceTimersByTime(60_000);
    jest.useRealTimers();
    const lock = `${paths.config}.lock`;
    expect(Math.abs(statSync(lock).mtimeMs - Date.now() - 60_000)).toBeLessThan(5_000);
    prepared.commit();
    prepared.release();
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('and that another step has taken over lets it write nothing, and is left to the other', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    age(`${paths.config}.lock`, 1);
    const failure = await failureOf(() => prepared.commit());
    expect(failure.code).toBe('profile-locked');
    prepared.release();
    expect(entries(paths)).toEqual(['config', 'config.lock', 'credentials']);
    expect([contents(paths.config), contents(paths.credentials)]).toEqual([CONFIG_BEFORE, CREDENTIALS_BEFORE]);
  });
});

describe('steps at the same time', () => {
  test('in one process all land and all go without a trace', async () => {
    const paths = filledPaths();
    const written = await Promise.all(
      NAMES.map(async (name) => {
        const prepared = await prepareProfiles(paths, [named(name)], 'refuse');
        prepared.commit();
        prepared.release();
        return prepared.written;
      }),
    );
    expect(contents(paths.config).match(/^\[profile .\]/gm)).toHaveLength(8);
    const notices = await Promise.all(written.map((one) => removeProfiles(one)));
    expect(notices.flat()).toEqual(NAMES.map((name) => ({ kind: 'removed', names: [name] })));
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test.each([
    ['with existing files', filledPaths],
    ['with files that they make', freshPaths],
    ['with locks of a dead step', lockedPaths],
  ])('in eight processes, %s, all land and all go without a trace', async (_, makePaths) => {
    const paths = makePaths();
    const children = NAMES.map((name) => startChild('write', paths, name));
    for (const child of children) expect(parseWrittenProfiles(await child.line())?.config.path).toBe(paths.config);
    expect((contents(paths.config).match(/^\[profile .\]/gm) ?? []).sort()).toEqual(
      NAMES.map((name) => `[profile ${name}]`),
    );
    expect((contents(paths.credentials).match(/^aws_session_token = .*/gm) ?? []).sort()).toEqual(
      NAMES.map((name) => `aws_session_token = token-${name}`),
    );
    for (const child of children) child.process.stdin.write('go\n');
    for (const [index, child] of children.entries())
      expect(JSON.parse(await child.line())).toEqual([{ kind: 'removed', names: [NAMES[index]] }]);
    for (const child of children) expect(await child.exit()).toBe(0);
    if (makePaths === freshPaths) {
      expect(entries(paths)).toEqual([]);
    } else {
      expect(contents(paths.config)).toBe(CONFIG_BEFORE);
      expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
      expect(entries(paths)).toEqual(['config', 'credentials']);
    }
  });
});

describe('a step that ends before it commits', () => {
  async function killed(
    paths: ProfilePaths,
    when: 'killed' | 'killed within' = 'killed within',
  ): Promise<WrittenProfiles | undefined> {
    const child = startChild(when, paths, 'dead');
    const written = parseWrittenProfiles(await child.line());
    child.process.kill('SIGKILL');
    await child.exit();
    for (const path of [paths.config, paths.credentials]) age(`${path}.lock`, 9);
    return written;
  }

  test('leaves nothing but the locks: no credentials are on the disk yet', async () => {
    const paths = filledPaths();
    expect(await killed(paths, 'killed')).toBeDefined();
    expect(entries(paths)).toEqual(['config', 'config.lock', 'credentials', 'credentials.lock']);
  });

  test('at the last moment has changed nothing, and the next step cleans up after it', async () => {
    const paths = filledPaths();
    await killed(paths);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    expect(entries(paths)).toHaveLength(6);

    const next = await prepareProfiles(paths, [CI], 'refuse');
    next.commit();
    next.release();
    expect(entries(paths)).toEqual(['config', 'credentials']);
    await removeProfiles(next.written);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
  });

  test.each([
    ['existing files', filledPaths],
    ['files that it was about to make, in a folder that it made', freshPaths],
  ])('is cleaned up after by its own post step: %s', async (_, makePaths) => {
    const paths = makePaths();
    const written = await killed(paths);
    expect(written && (await removeProfiles(written))).toEqual([]);
    if (makePaths === freshPaths) return expect(entries(paths)).toEqual([]);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('is cleaned up after, except for what is not one of our files', async () => {
    const paths = filledPaths();
    const written = await killed(paths);
    const folder = `${paths.credentials}.aws-mfa-credentials-0123456789abcdef.tmp`;
    mkdirSync(folder);
    expect(written && (await removeProfiles(written))).toEqual([]);
    expect(entries(paths)).toEqual(['config', 'credentials', basename(folder)]);
  });

  testNeeding('signals')('by a signal still winds up in its own time', async () => {
    const child = startChild('interrupted', filledPaths(), 'ci');
    await child.line();
    child.process.kill('SIGTERM');
    expect(await child.line()).toBe('wound up');
    expect(await child.exit()).toBe(0);
  });

  testNeeding('signals')('by a signal that nobody handles ends at once', async () => {
    const child = startChild('killed', filledPaths(), 'ci');
    await child.line();
    child.process.kill('SIGTERM');
    expect(await child.exit()).toBe('SIGTERM');
  });
});

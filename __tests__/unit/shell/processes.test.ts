import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseCached } from '../../../src/shell/cached-session.ts';
import { keyOf } from '../../../src/shell/session-cache.ts';
import { testNeeding } from '../../kit/platform.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { ageLocks, freshFolder, modeOf } from './folders.ts';
import { TERMS } from './sessions.ts';

/** How many processes are killed at random: 1,000 in a nightly run. */
const KILLS = propertyRuns(20).numRuns;
const ROUND_MS = 2_000;
const SESSION_FILE = `session-${keyOf(TERMS)}.json`;

interface Shared {
  readonly folder: string;
  readonly log: string;
  readonly start: number;
}

function share(): Shared {
  const log = join(freshFolder(), 'log');
  writeFileSync(log, '');
  return { folder: freshFolder(), log, start: Date.now() };
}

interface Child {
  /** The next line that it prints. */
  line(): Promise<string>;
  kill(): Promise<unknown>;
  readonly ended: Promise<unknown>;
}

const running = new Set<ChildProcessByStdio<null, Readable, null>>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

function startChild(action: 'obtain' | 'hold' | 'write' | 'send', { folder, log, start }: Shared): Child {
  const args = [join(__dirname, 'child.ts'), action, folder, log, String(start)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, 'close').then((how) => {
    running.delete(child);
    return how;
  });
  return {
    line: async () => String((await lines.next()).value),
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
    ended,
  };
}

function linesOf({ log }: Shared): readonly string[] {
  return readFileSync(log, 'utf8').split('\n').slice(0, -1);
}

/** The permissions of all files in the folder, locks apart. */
function modesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => modeOf(join(folder, name)));
}

describe('processes at the same time', () => {
  test('get one session: of twenty, one obtains it, and all have the same', async () => {
    const shared = share();
    const lines = await Promise.all(Array.from({ length: 20 }, () => startChild('obtain', shared).line()));
    expect(linesOf(shared)).toEqual(['obtained']);
    const [answer, ...others]: readonly unknown[] = lines.map((line) => JSON.parse(line));
    expect(answer).toMatchObject({ by: 'GetSessionToken' });
    for (const other of others) expect(other).toEqual(answer);
    expect(readdirSync(shared.folder)).toEqual([SESSION_FILE]);
  }, 60_000);
});

describe('a process that is killed while it obtains a session', () => {
  test('is replaced within seconds', async () => {
    const shared = share();
    const killed = startChild('hold', shared);
    expect(await killed.line()).toBe('obtaining');
    const next = startChild('obtain', shared);
    await killed.kill();
    const before = performance.now();
    expect(JSON.parse(await next.line())).toMatchObject({ by: 'GetSessionToken' });
    expect(performance.now() - before).toBeLessThan(9_000);
    expect(linesOf(shared)).toEqual(['obtained']);
    await next.ended;
    expect(readdirSync(shared.folder)).toEqual([SESSION_FILE]);
  }, 30_000);
});

describe(`${KILLS} processes that are killed at random`, () => {
  testNeeding('file modes')(
    'never leave half a session, or one that others can read',
    async () => {
      const shared = share();
      const path = join(shared.folder, SESSION_FILE);
      let read = 0;
      for (let round = 0; round < KILLS; round += 1) {
        const child = startChild('write', shared);
        await child.line();
        const killed = sleep(Math.random() * 20).then(child.kill);
        // A reader takes no lock: whenever it looks, there is a whole session.
        for (let isOver = false; !isOver; read += 1) {
          expect(parseCached(readFileSync(path, 'utf8'))).toBeDefined();
          isOver = await Promise.race([killed.then(() => true), sleep(0, false)]);
        }
        expect(new Set(modesIn(shared.folder))).toEqual(new Set(['600']));
        expect(modeOf(shared.folder)).toBe('700');
        ageLocks(shared.folder);
      }
      expect(read).toBeGreaterThan(KILLS);
      // What the last one has left is gone once another one has written.
      const last = startChild('write', shared);
      await last.line();
      await last.kill();
      expect(readdirSync(shared.folder).filter((name) => name.endsWith('.tmp')).length).toBeLessThanOrEqual(1);
    },
    KILLS * ROUND_MS + 30_000,
  );

  test(
    'never send a code twice',
    async () => {
      const shared = share();
      for (let kills = 0; kills < KILLS; kills += 2) {
        const children = [startChild('send', shared), startChild('send', shared)];
        await Promise.all(children.map((child) => child.line()));
        await sleep(Math.random() * 20);
        for (const child of children) await child.kill();
        ageLocks(shared.folder);
      }
      const sent = linesOf(shared);
      expect(sent.length).toBeGreaterThan(KILLS);
      expect(sent.filter((code, index) => sent.indexOf(code) !== index)).toEqual([]);
    },
    KILLS * ROUND_MS + 30_000,
  );
});

// A process of the command, for the tests: ACTION FOLDER LOG START. What it obtains or sends is a line in LOG.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stepAt } from '../../../src/core/codes/totp.ts';
import type { Session } from '../../../src/core/ports.ts';
import { openCodeMemory } from '../../../src/shell/code-memory.ts';
import { withCache } from '../../../src/shell/session-cache.ts';
import { SESSION, TERMS } from './sessions.ts';

const [action = '', folder = '', log = '', start = ''] = process.argv.slice(2);
const waiting = { sleep: (milliseconds: number) => sleep(milliseconds), patienceSeconds: 60, onWait: () => undefined };

const say = (line: string): unknown => process.stdout.write(`${line}\n`);
const cached = (now: () => number, obtain: () => Promise<Session>): Promise<Session> =>
  withCache(TERMS, obtain, {
    folder,
    now,
    waiting,
    onUncached: (failure) => {
      throw failure;
    },
  });

/** A session that lasts for an hour and looks like no other. */
const newSession = (now: number): Session => ({
  ...SESSION,
  credentials: {
    ...SESSION.credentials,
    sessionToken: `${process.pid}-`.padEnd(9_000, 'x'),
    expiration: new Date(now + 3_600_000),
  },
});

/** A hundred times as fast as the real one, so that codes become old and are forgotten. */
const fast = (): number => 1_800_000_000_000 + (Date.now() - Number(start)) * 100;

switch (action) {
  case 'obtain':
    say(
      JSON.stringify(
        await cached(Date.now, async () => {
          appendFileSync(log, 'obtained\n');
          await sleep(300);
          return newSession(Date.now());
        }),
      ),
    );
    break;
  case 'hold':
    await cached(Date.now, () => {
      say('obtaining');
      return new Promise(() => setInterval(() => undefined, 1_000));
    });
    break;
  case 'write':
    // Two hours pass between one session and the next, so each is written.
    for (let now = Date.now(); ; now += 7_200_000) {
      await cached(
        () => now,
        async () => newSession(now),
      );
      say('written');
    }
  case 'send':
    for (;;) {
      await openCodeMemory(folder, fast, waiting).underLock(async (memory) => {
        const { clockOffset, attempts } = memory.recall();
        const step = stepAt(fast());
        const unused = ['device-1', 'device-2', 'device-3']
          .flatMap((serial) => [step, step + 1, step - 1].map((near) => ({ serial, step: near })))
          .find((code) => !attempts.some((sent) => sent.serial === code.serial && sent.step === code.step));
        if (unused === undefined) return;
        memory.keep({ clockOffset, attempts: [...attempts, { ...unused, at: fast(), verdict: 'lost' }] });
        appendFileSync(log, `${unused.serial} ${unused.step}\n`);
        await sleep(1);
        memory.keep({ clockOffset, attempts: [...attempts, { ...unused, at: fast(), verdict: 'accepted' }] });
      });
      say('sent');
      await sleep(1);
    }
}

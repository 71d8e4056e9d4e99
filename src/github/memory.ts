import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isPlausibleOffset } from '../core/codes/server-clock.ts';
import { type Attempt, VERDICTS, WORTH_REMEMBERING_MS } from '../core/codes/situation.ts';
import { stepAt } from '../core/codes/totp.ts';
import type { Environment, Memory, Recollection } from '../core/ports.ts';

const NOTHING: Recollection = { clockOffset: 0, attempts: [] };
/** Ours has a few kilobytes. */
const MAX_BYTES = 1024 * 1024;
/** Eight devices take about nine codes in three minutes each, so no job sends more than this in ten. */
const MAX_ATTEMPTS = 300;
/** No job sends the code of a step further away from now; many such codes would keep the device unused for hours. */
const MAX_STEPS_AWAY = 10;
/** How far ahead of a clock a code may have been sent: the clocks were set in the meantime, or are coarse. */
const AHEAD_MS = 60_000;

/**
 * What the steps of one job remember of their codes and of AWS's clock, in a file in the job's temporary folder: so a second use of the
 * action doesn't start with a code that the first one spent. It contains serial numbers, steps and verdicts, but no seed and no code.
 * Losing it costs a rejected code, so nothing here fails the step. `now` is the local clock.
 */
export function openMemory(env: Environment, now: () => number = Date.now): Memory {
  const folder = env['RUNNER_TEMP'];
  if (!folder) return { recall: () => NOTHING, keep: () => undefined };
  const path = join(folder, 'aws-mfa-credentials.json');
  /** Read once: the clock and the codes are requested separately. */
  let known: Recollection | undefined;
  return {
    recall: () => (known ??= recent(parseRecollection(readOwn(path, folder)), now())),
    keep(recollection) {
      known = undefined;
      const temporary = `${path}.${process.pid}.${now()}`;
      try {
        // Written in full and moved into place: a link that someone put there is replaced, not followed.
        writeFileSync(temporary, JSON.stringify(recent(recollection, now())), { mode: 0o600, flag: 'wx' });
        renameSync(temporary, path);
      } catch {
        try {
          rmSync(temporary, { force: true });
        } catch {
          // Then it stays: it isn't worth failing the step.
        }
      }
    },
  };
}

/**
 * Without what is too old to matter, or in the future: by both AWS's clock and the local one, since either may be wrong, and to forget
 * a code means to send it again. The newest, if there are more than any job sends.
 */
function recent({ clockOffset, attempts }: Recollection, now: number): Recollection {
  const isRecent = ({ at }: Attempt): boolean =>
    [now, now + clockOffset].some((time) => at <= time + AHEAD_MS && time - at < WORTH_REMEMBERING_MS);
  // The code of a step may have been chosen by a local clock that was off, before an answer showed that.
  const isOfItsTime = ({ step, at }: Attempt): boolean =>
    [at, at - clockOffset].some((time) => Math.abs(step - stepAt(time)) <= MAX_STEPS_AWAY);
  return { clockOffset, attempts: attempts.filter(isRecent).filter(isOfItsTime).slice(-MAX_ATTEMPTS) };
}

/** The text of a regular file that this user wrote; empty if there is none. Never waits: a FIFO is opened without a writer. */
function readOwn(path: string, folder: string): string {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  try {
    const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const found = fstatSync(file);
      const { size, uid, mode } = found;
      const own = process.getuid === undefined || uid === process.getuid() || uid === statSync(folder).uid;
      const closed = process.getuid === undefined || (mode & 0o022) === 0;
      if (!found.isFile() || !own || !closed || size > MAX_BYTES) return '';
      const bytes = Buffer.alloc(size);
      return bytes.toString('utf8', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** What the file says, as far as it is valid: another step of the job may have written anything. */
export function parseRecollection(text: string): Recollection {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  if (typeof parsed !== 'object' || parsed === null) return NOTHING;
  const { clockOffset, attempts }: Partial<Record<keyof Recollection, unknown>> = parsed;
  return {
    clockOffset: typeof clockOffset === 'number' && isPlausibleOffset(clockOffset) ? clockOffset : 0,
    attempts: Array.isArray(attempts) ? attempts.filter(isAttempt) : [],
  };
}

function isAttempt(item: unknown): item is Attempt {
  if (typeof item !== 'object' || item === null) return false;
  const { serial, step, at, verdict }: Partial<Record<keyof Attempt, unknown>> = item;
  return (
    typeof serial === 'string' &&
    serial.length <= 256 &&
    Number.isSafeInteger(step) &&
    typeof at === 'number' &&
    Number.isFinite(at) &&
    VERDICTS.some((known) => known === verdict)
  );
}
